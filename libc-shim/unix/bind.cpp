// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// AF_UNIX: names, and who is bound to them.
#include <string.h>
#include <sys/socket.h>

#include "support/pointer.h"
#include "unix/socket.h"

namespace posix_sockets {
namespace {

// The sockets that can be found by name, newest first: a file's number may come again once the file is gone.
UnixSocket* bound_sockets;

}  // namespace

void UnixSocket::enter(const UnixAddress& address) {
  address_.size = address.size;
  memcpy(address_.path, address.path, address.size);
  next_bound_ = bound_sockets;
  bound_sockets = this;
}

void UnixSocket::leave() {
  for (UnixSocket** link = &bound_sockets; *link != nullptr; link = &(*link)->next_bound_) {
    if (*link != this) continue;
    *link = next_bound_;
    return;
  }
}

// Abstract names are apart for each type.
UnixSocket* UnixSocket::find_abstract(const UnixAddress& address) const {
  for (UnixSocket* socket = bound_sockets; socket != nullptr; socket = socket->next_bound_)
    if (socket->type() == type() && socket->address_ == address) return socket;
  return nullptr;
}

Result<UnixSocket*> UnixSocket::find(const UnixAddress& address) {
  if (address.is_abstract()) {
    UnixSocket* socket = find_abstract(address);
    return socket != nullptr ? Result<UnixSocket*>(socket) : Result<UnixSocket*>(Errno(ECONNREFUSED));
  }
  const bool granted = unix_paths::is_granted(address.path);
  unix_paths::FileIdentity file;
  if (granted) {
    const Errno error = unix_paths::identify(address.path, file);
    if (!error.ok()) return error;
  }
  for (UnixSocket* socket = bound_sockets; socket != nullptr; socket = socket->next_bound_) {
    const bool same =
        granted ? socket->has_file_ && socket->file_ == file : !socket->has_file_ && socket->address_ == address;
    if (!same) continue;
    return socket->type() == type() ? Result<UnixSocket*>(socket) : Result<UnixSocket*>(Errno(EPROTOTYPE));
  }
  return Errno(granted ? ECONNREFUSED : ENOENT);
}

Errno UnixSocket::bind_to(const sockaddr* address, socklen_t length) {
  if (length == sizeof(sa_family_t) && accessible(address, length) && address->sa_family == AF_UNIX)
    return bind_automatically();
  Result<UnixAddress> name = from_sockaddr_un(address, length);
  if (!name.ok()) return name.error();
  return name.value().is_abstract() ? bind_abstract(name.value()) : bind_path(name.value());
}

Errno UnixSocket::bind_abstract(const UnixAddress& address) {
  if (address_.is_named()) return EINVAL;
  if (find_abstract(address) != nullptr) return EADDRINUSE;
  enter(address);
  return success;
}

Errno UnixSocket::bind_path(const UnixAddress& address) {
  if (unix_paths::is_granted(address.path)) {
    unix_paths::FileIdentity file;
    const Errno error = unix_paths::make(address.path, file);
    if (!error.ok()) return error;
    if (address_.is_named()) {
      unix_paths::remove(address.path);
      return EINVAL;
    }
    // Whoever is known by this file was bound to one that was removed: its number came again.
    for (UnixSocket* socket = bound_sockets; socket != nullptr; socket = socket->next_bound_)
      if (socket->has_file_ && socket->file_ == file) socket->file_ = {};
    has_file_ = true;
    file_ = file;
  } else {
    if (!unix_paths::is_in_usual_directory(address.path)) return ENOENT;
    for (const UnixSocket* socket = bound_sockets; socket != nullptr; socket = socket->next_bound_)
      if (!socket->has_file_ && socket->address_ == address) return EADDRINUSE;
    if (address_.is_named()) return EINVAL;
  }
  enter(address);
  return success;
}

// An abstract name of five digits that nobody has. A socket that has a name keeps it.
Errno UnixSocket::bind_automatically() {
  static uint32_t next;
  if (address_.is_named()) return success;
  constexpr uint32_t names = 1u << 20;
  UnixAddress address;
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

Errno UnixSocket::local_name(sockaddr* out, socklen_t* length) { return to_sockaddr_un(address_, out, length); }

Errno UnixSocket::remote_name(sockaddr* out, socklen_t* length) {
  if (peer_ == nullptr) return ENOTCONN;
  return to_sockaddr_un(peer_->address_, out, length);
}

Errno UnixSocket::source_name(const ReceiveRequest& request, sockaddr* out, socklen_t* length) {
  if (request.has_source && request.unix_source.is_named()) return to_sockaddr_un(request.unix_source, out, length);
  *length = 0;  // a sender without a name
  return success;
}

Errno UnixSocket::set_destination(SendRequest& request, const sockaddr* address, socklen_t length) {
  if (length > largest_sockaddr) return EINVAL;
  if (!accessible(address, length)) return EFAULT;
  request.name = length != 0 ? address : nullptr;
  request.name_length = length;
  return success;
}

}  // namespace posix_sockets
