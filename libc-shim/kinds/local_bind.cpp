// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// AF_UNIX: names, and who is bound to them.
#include <string.h>
#include <sys/socket.h>

#include "kinds/local_socket.h"
#include "support/pointer.h"

namespace posix_sockets {
namespace {

// The sockets that can be found by name, newest first: a file's number may come again once the file is gone.
LocalSocket* bound_sockets;

}  // namespace

void LocalSocket::enter(const LocalAddress& address) {
  address_.size = address.size;
  memcpy(address_.path, address.path, address.size);
  next_bound_ = bound_sockets;
  bound_sockets = this;
}

void LocalSocket::leave() {
  for (LocalSocket** link = &bound_sockets; *link != nullptr; link = &(*link)->next_bound_) {
    if (*link != this) continue;
    *link = next_bound_;
    return;
  }
}

// Abstract names are apart for each type.
LocalSocket* LocalSocket::find_abstract(const LocalAddress& address) const {
  for (LocalSocket* socket = bound_sockets; socket != nullptr; socket = socket->next_bound_)
    if (socket->type() == type() && socket->address_ == address) return socket;
  return nullptr;
}

Result<LocalSocket*> LocalSocket::find(const LocalAddress& address) {
  if (address.is_abstract()) {
    LocalSocket* socket = find_abstract(address);
    return socket != nullptr ? Result<LocalSocket*>(socket) : Result<LocalSocket*>(Errno(ECONNREFUSED));
  }
  const bool granted = local_paths::is_granted(address.path);
  local_paths::FileIdentity file;
  if (granted) {
    const Errno error = local_paths::identify(address.path, file);
    if (!error.ok()) return error;
  }
  for (LocalSocket* socket = bound_sockets; socket != nullptr; socket = socket->next_bound_) {
    const bool same =
        granted ? socket->has_file_ && socket->file_ == file : !socket->has_file_ && socket->address_ == address;
    if (!same) continue;
    return socket->type() == type() ? Result<LocalSocket*>(socket) : Result<LocalSocket*>(Errno(EPROTOTYPE));
  }
  return Errno(granted ? ECONNREFUSED : ENOENT);
}

Errno LocalSocket::bind_to(const sockaddr* address, socklen_t length) {
  if (length == sizeof(sa_family_t) && accessible(address, length) && address->sa_family == AF_UNIX)
    return bind_automatically();
  Result<LocalAddress> name = from_sockaddr_un(address, length);
  if (!name.ok()) return name.error();
  return name.value().is_abstract() ? bind_abstract(name.value()) : bind_path(name.value());
}

Errno LocalSocket::bind_abstract(const LocalAddress& address) {
  if (address_.is_named()) return EINVAL;
  if (find_abstract(address) != nullptr) return EADDRINUSE;
  enter(address);
  return success;
}

Errno LocalSocket::bind_path(const LocalAddress& address) {
  if (local_paths::is_granted(address.path)) {
    local_paths::FileIdentity file;
    const Errno error = local_paths::make(address.path, file);
    if (!error.ok()) return error;
    if (address_.is_named()) {
      local_paths::remove(address.path);
      return EINVAL;
    }
    // Whoever is known by this file was bound to one that was removed: its number came again.
    for (LocalSocket* socket = bound_sockets; socket != nullptr; socket = socket->next_bound_)
      if (socket->has_file_ && socket->file_ == file) socket->file_ = {};
    has_file_ = true;
    file_ = file;
  } else {
    if (!local_paths::is_in_usual_directory(address.path)) return ENOENT;
    for (const LocalSocket* socket = bound_sockets; socket != nullptr; socket = socket->next_bound_)
      if (!socket->has_file_ && socket->address_ == address) return EADDRINUSE;
    if (address_.is_named()) return EINVAL;
  }
  enter(address);
  return success;
}

// An abstract name of five digits that nobody has. A socket that has a name keeps it.
Errno LocalSocket::bind_automatically() {
  static uint32_t next;
  if (address_.is_named()) return success;
  constexpr uint32_t names = 1u << 20;
  LocalAddress address;
  address.size = 6;
  for (uint32_t tries = 0; tries < names; ++tries) {
    address.path[0] = '\0';
    uint32_t number = next++ % names;
    for (int digit = 5; digit > 0; --digit, number /= 16) address.path[digit] = "0123456789abcdef"[number % 16];
    if (find_abstract(address) != nullptr) continue;
    enter(address);
    return success;
  }
  return ENOSPC;
}

Errno LocalSocket::local_name(sockaddr* out, socklen_t* length) { return to_sockaddr_un(address_, out, length); }

Errno LocalSocket::remote_name(sockaddr* out, socklen_t* length) {
  if (peer_ == nullptr) return ENOTCONN;
  return to_sockaddr_un(peer_->address_, out, length);
}

Errno LocalSocket::source_name(const ReceiveRequest& request, sockaddr* out, socklen_t* length) {
  if (request.has_source && request.local_source.is_named()) return to_sockaddr_un(request.local_source, out, length);
  *length = 0;  // a sender without a name
  return success;
}

Errno LocalSocket::set_destination(SendRequest& request, const sockaddr* address, socklen_t length) {
  if (length > largest_sockaddr) return EINVAL;
  if (!accessible(address, length)) return EFAULT;
  request.name = length != 0 ? address : nullptr;
  request.name_length = length;
  return success;
}

}  // namespace posix_sockets
