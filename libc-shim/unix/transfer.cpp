// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// AF_UNIX: sending and receiving.
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "unix/socket.h"

namespace posix_sockets {

Errno UnixSocket::queue(UnixSocket& to, SendRequest& request, size_t offset, size_t size) {
  auto* message = static_cast<UnixMessage*>(malloc(sizeof(UnixMessage) + size));
  if (message == nullptr) return ENOMEM;
  hold();
  const size_t charge = type() == SocketType::stream ? unix_memory::of_piece(size) : unix_memory::of_datagram(size);
  const bool has_credentials = request.has_credentials || passes_credentials() || to.passes_credentials();
  *message = {nullptr, this, size, 0, charge, request.rights.release(), has_credentials};
  if (size != 0) {
    Buffers from = request.buffers;
    from.offset += offset;
    gather(from, message->data(), size);
  }
  charge_ += charge;
  to.queue_.push(message);
  to.tell_input();
  return success;
}

void UnixSocket::drop_first() {
  UnixMessage* message = queue_.pop();
  message->sender->charge_ -= message->charge;
  if (message->sender->has_much_room()) message->sender->tell_room();
  message->sender->let_go();
  if (message->rights != nullptr) message->rights->release();
  free(message);
}

void UnixSocket::purge() {
  while (!queue_.empty()) drop_first();
}

Result<size_t> UnixSocket::send(SendRequest& request) {
  return type() == SocketType::stream ? send_stream(request) : send_message(request);
}

Result<size_t> UnixSocket::send_stream(SendRequest& request) {
  const size_t half = send_buffer_ / 2 - 64;
  const size_t largest_piece = unix_memory::largest_piece < half ? unix_memory::largest_piece : half;
  if (request.name != nullptr) return Errno(state_ == State::connected ? EISCONN : EOPNOTSUPP);
  if (peer_ == nullptr) return Errno(ENOTCONN);
  if ((shut_ & shutdown_send) != 0) return Errno(EPIPE);
  size_t done = 0;
  while (done < request.size) {
    const size_t size = request.size - done < largest_piece ? request.size - done : largest_piece;
    const Errno error = has_room() ? queue(*peer_, request, done, size) : Errno(EAGAIN);
    if (!error.ok()) return done != 0 ? Result<size_t>(done) : Result<size_t>(error);
    done += size;
  }
  return done;
}

Result<UnixSocket*> UnixSocket::destination_of(const SendRequest& request, const UnixAddress& name) {
  if (request.name != nullptr && type() == SocketType::datagram) return find(name);
  return peer_ != nullptr ? Result<UnixSocket*>(peer_) : Result<UnixSocket*>(Errno(ENOTCONN));
}

// Datagrams and packets, with the checks of unix_dgram_sendmsg in their order.
Result<size_t> UnixSocket::send_message(SendRequest& request) {
  UnixAddress address;
  if (type() == SocketType::packets) {
    if (!pending_error_.ok()) return take_error();
    if (state_ != State::connected) return Errno(ENOTCONN);
  } else {
    if (request.name != nullptr) {
      Result<UnixAddress> name = from_sockaddr_un(request.name, request.name_length);
      if (!name.ok()) return name.error();
      address = name.value();
    }
    if (passes_credentials()) (void)bind_automatically();
  }
  if (request.size > send_buffer_ - 32) return Errno(EMSGSIZE);
  if (!pending_error_.ok()) return take_error();
  if ((shut_ & shutdown_send) != 0) return Errno(EPIPE);
  if (!has_room()) return Errno(EAGAIN);
  Result<size_t> sent = deliver_message(request, address);
  // The kernel has taken room for the message, and gives it back.
  if (!sent.ok() && has_much_room()) tell_room();
  return sent;
}

Result<size_t> UnixSocket::deliver_message(SendRequest& request, const UnixAddress& address) {
  Result<UnixSocket*> destination = destination_of(request, address);
  if (!destination.ok()) return destination.error();
  UnixSocket& to = *destination.value();
  if (!may_send_to(to)) return Errno(EPERM);
  if (to.dead_) {
    if (type() == SocketType::packets) return Errno(EPIPE);
    forget_peer();
    return Errno(ECONNREFUSED);
  }
  if ((to.shut_ & shutdown_receive) != 0) return Errno(EPIPE);
  if (&to != this && to.peer_ != this && to.is_full()) return Errno(EAGAIN);
  const Errno error = queue(to, request, 0, request.size);
  return error.ok() ? Result<size_t>(request.size) : Result<size_t>(error);
}

Result<size_t> UnixSocket::receive(ReceiveRequest& request) {
  return type() == SocketType::stream ? receive_stream(request) : receive_message(request);
}

Errno UnixSocket::take_rights(UnixMessage& message, ReceiveRequest& request) {
  if (message.rights == nullptr) return success;
  UnixRights* rights = message.rights;
  if ((request.flags & MSG_PEEK) != 0) {
    rights = rights->copy();
    if (rights == nullptr) return ENOMEM;
  } else {
    message.rights = nullptr;
  }
  request.rights.reset(rights);
  return success;
}

void UnixSocket::note_sender(const UnixMessage& message, ReceiveRequest& request) {
  if (request.has_source) return;
  request.has_source = true;
  request.unix_source = message.sender->address_;
  request.credentials = message.has_credentials ? Credentials::own : Credentials::unknown;
}

Result<size_t> UnixSocket::tell_end() {
  if (!pending_error_.ok()) return take_error();
  return (shut_ & shutdown_receive) != 0 ? Result<size_t>(size_t{0}) : Result<size_t>(Errno(EAGAIN));
}

UnixMessage* UnixSocket::take_bytes(size_t size) {
  queue_.take(size);
  if (queue_.first()->left() != 0) return nullptr;
  drop_first();
  return queue_.first();
}

// Data that follow descriptors wait for the next call, so that it's clear which byte those came with.
Result<size_t> UnixSocket::receive_stream(ReceiveRequest& request) {
  if (state_ != State::connected) return Errno(EINVAL);
  const bool peeking = (request.flags & MSG_PEEK) != 0;
  const bool ended = (shut_ & shutdown_receive) != 0;
  if (peeking && (request.flags & MSG_WAITALL) != 0 && queue_.bytes() < request.size && !ended && pending_error_.ok())
    return Errno(EAGAIN);
  if (queue_.empty()) return tell_end();
  note_sender(*queue_.first(), request);
  // Bytes of different senders stay apart for who wants to know the sender.
  const Credentials credentials = request.credentials;
  size_t done = 0;
  Buffers to = request.buffers;
  // The kernel's peek, once it has all the bytes, goes on to the next descriptors. Who wants no bytes takes those that come with
  // the next one.
  bool first = true;
  for (UnixMessage* message = queue_.first(); message != nullptr && (first || done < request.size || peeking);
       first = false) {
    const size_t part = request.size - done < message->left() ? request.size - done : message->left();
    if (passes_credentials() && message->has_credentials != (credentials == Credentials::own)) break;
    const bool has_rights = message->rights != nullptr;
    const Errno error = take_rights(*message, request);
    if (!error.ok()) return done != 0 ? Result<size_t>(done) : Result<size_t>(error);
    scatter(to, message->data() + message->begin, part);
    to.offset += part;
    done += part;
    message = peeking ? message->next : take_bytes(part);
    if (has_rights) break;
  }
  return done;
}

Result<size_t> UnixSocket::receive_message(ReceiveRequest& request) {
  if (type() == SocketType::packets && state_ != State::connected) return Errno(ENOTCONN);
  if (!pending_error_.ok()) return take_error();
  if (queue_.empty()) {
    // Only a blocking call, or one on a connection, sees that nothing can come any more.
    const bool blocking = (status_flags & O_NONBLOCK) == 0 && (request.flags & MSG_DONTWAIT) == 0;
    const bool ended = (shut_ & shutdown_receive) != 0 && (blocking || type() == SocketType::packets);
    return ended ? Result<size_t>(size_t{0}) : Result<size_t>(Errno(EAGAIN));
  }
  UnixMessage& first = *queue_.first();
  const size_t size = first.size;
  const size_t copied = size < request.size ? size : request.size;
  const Errno error = take_rights(first, request);
  if (!error.ok()) return error;
  if (copied != 0) scatter(request.buffers, first.data(), copied);
  note_sender(first, request);
  if (copied < size) request.out_flags |= MSG_TRUNC;
  if ((request.flags & MSG_PEEK) == 0) drop_first();
  return (request.flags & MSG_TRUNC) != 0 ? size : copied;
}

// As the kernel counts: memory, not bytes.
Result<int> UnixSocket::unsent_bytes() { return static_cast<int>(charge_); }

// All that a connection holds; of datagrams the next one alone.
Result<int> UnixSocket::readable_bytes() {
  if (state_ == State::listening) return Errno(EINVAL);
  if (type() != SocketType::datagram) return static_cast<int>(queue_.bytes());
  return queue_.empty() ? 0 : static_cast<int>(queue_.first()->size);
}

}  // namespace posix_sockets
