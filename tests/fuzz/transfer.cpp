// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Calls that move bytes; those of TCP peers are followed, so that none is lost or overtakes another.
#include <fcntl.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "run.h"

namespace random_calls {

void Run::receive() {
  const int number = descriptor();
  const size_t size = choose_.of<size_t>({0, 1, 2, 10, 100, 5000, 20000, sizeof buffer_});
  const int flags = choose_.one_in(2)
                        ? 0
                        : choose_.of<int>({MSG_PEEK, MSG_DONTWAIT, MSG_WAITALL, MSG_TRUNC, MSG_OOB, MSG_ERRQUEUE,
                                           MSG_PEEK | MSG_WAITALL, MSG_PEEK | MSG_DONTWAIT, 1 << 30});
  long result;
  Peer from = peer_of(number);
  switch (choose_.below(4)) {
    case 0:
      result = CALL(recv, number, choose_.one_in(16) ? nullptr : buffer_, size, flags);
      break;
    case 1: {
      result = CALL(read, number, buffer_, size);
      check_stream(from, number, result, size, 0);
      return;
    }
    case 2: {
      const size_t half = size / 2;
      const iovec vector[] = {{buffer_, half}, {nullptr, 0}, {buffer_ + half, size - half}};
      result = CALL(readv, number, vector, choose_.one_in(16) ? -1 : 3);
      check_stream(from, number, result, size, 0);
      return;
    }
    default: {
      sockaddr_storage name;
      socklen_t length = choose_.of<socklen_t>({0, 7, sizeof name});
      result = CALL(recvfrom, number, buffer_, size, flags, reinterpret_cast<sockaddr*>(&name), &length);
    }
  }
  if ((flags & MSG_TRUNC) == 0) {
    check_stream(from, number, result, size, flags);
    return;
  }
  if (from == nullptr && result > 0) from = peer_of(number);
  if (from && result > 0 && (flags & MSG_PEEK) == 0) {
    expected_[from] = static_cast<uint8_t>(expected_[from] + result);
  }
}

Peer Run::peer_of(int number) {
  sockaddr_storage local, remote;
  socklen_t length = sizeof local;
  const auto chaos = host().chaos;
  host().chaos = {};
  bool named = guest::getsockname(number, reinterpret_cast<sockaddr*>(&local), &length) == 0;
  length = sizeof remote;
  named = named && guest::getpeername(number, reinterpret_cast<sockaddr*>(&remote), &length) == 0;
  host().chaos = chaos;
  if (!named) return nullptr;
  const auto port_of = [](const sockaddr_storage& name) {
    return ntohs(reinterpret_cast<const sockaddr_in&>(name).sin_port);
  };
  if (local.ss_family == AF_UNIX) return nullptr;
  for (const Peer& peer : peers_)
    if (!peer->closed && peer->guest.port == port_of(local) && peer->peer.port == port_of(remote)) return peer;
  return nullptr;
}

void Run::check_stream(Peer from, int number, long result, size_t size, int flags) {
  if (result > static_cast<long>(size)) fail("more than asked for", result);
  if (from == nullptr && result > 0) from = peer_of(number);  // it was still connecting
  if (from == nullptr || result <= 0) return;
  if (tracing) {
    std::fprintf(stderr, " [peer %p: %ld from %u, expected %u, flags %x]", static_cast<void*>(from.get()), result,
                 static_cast<uint8_t>(buffer_[0]), expected_[from], static_cast<unsigned>(flags));
  }
  uint8_t& next = expected_[from];
  uint8_t byte = next;
  for (long i = 0; i < result; ++i)
    if (static_cast<uint8_t>(buffer_[i]) != byte++) fail("bytes lost or out of order at", i);
  if ((flags & MSG_PEEK) == 0) next = byte;
}

void Run::send() {
  const int number = descriptor();
  const size_t size = choose_.of<size_t>({0, 1, 10, 100, 3000, 65507, sizeof buffer_});
  const int flags =
      choose_.one_in(2)
          ? 0
          : choose_.of<int>({MSG_DONTWAIT, MSG_MORE, MSG_OOB, MSG_NOSIGNAL, MSG_EOR, MSG_DONTROUTE, 1 << 29});
  long result;
  switch (choose_.below(3)) {
    case 0:
      result = CALL(send, number, choose_.one_in(16) ? nullptr : buffer_, size, flags);
      break;
    case 1: {
      const iovec vector[] = {{buffer_, size / 3}, {nullptr, 0}, {buffer_, size - size / 3}};
      result = CALL(writev, number, vector, 3);
      break;
    }
    default: {
      const Address to = address(port());
      result = CALL(sendto, number, buffer_, size, flags, choose_.one_in(3) ? nullptr : to.get(), to.length);
    }
  }
  if (result > static_cast<long>(size)) fail("more than given", result);
}

void Run::messages() {
  mmsghdr messages[3] = {};
  iovec vector[3];
  sockaddr_storage names[3];
  for (int i = 0; i < 3; ++i) {
    vector[i] = {buffer_ + 1000 * i, choose_.below(1000)};
    messages[i].msg_hdr.msg_iov = &vector[i];
    messages[i].msg_hdr.msg_iovlen = 1;
    if (choose_.one_in(3)) {
      messages[i].msg_hdr.msg_name = &names[i];
      messages[i].msg_hdr.msg_namelen = sizeof names[i];
    }
  }
  const int number = descriptor();
  int type = 0;
  socklen_t type_size = sizeof type;
  if (guest::getsockopt(number, SOL_SOCKET, SO_TYPE, &type, &type_size) == 0 && type == SOCK_STREAM)
    return;  // streams are checked by receive()
  timespec timeout = {0, 1000000};
  switch (choose_.below(4)) {
    case 0:
      CALL(recvmsg, number, &messages[0].msg_hdr, choose_.of<int>({0, MSG_PEEK, MSG_DONTWAIT}));
      break;
    case 1:
      CALL(recvmmsg, number, messages, 3, choose_.of<unsigned>({MSG_DONTWAIT, MSG_WAITFORONE}), &timeout);
      break;
    default:
      for (mmsghdr& message : messages) {
        const Address to = address(port());
        message.msg_hdr.msg_name = choose_.one_in(2) ? nullptr : &names[0];
        std::memcpy(&names[0], &to.storage, sizeof names[0]);
        message.msg_hdr.msg_namelen = message.msg_hdr.msg_name == nullptr ? 0 : std::min<socklen_t>(to.length, 128);
      }
      if (choose_.one_in(2)) {
        CALL(sendmsg, number, &messages[0].msg_hdr, choose_.of<int>({0, MSG_DONTWAIT, MSG_MORE}));
      } else {
        CALL(sendmmsg, number, messages, 3, 0);
      }
  }
}

void Run::move_between() {
  // Not out of TCP: what its peers send is checked in order.
  const int from = descriptor();
  int domain = AF_UNIX;
  socklen_t size = sizeof domain;
  if (guest::getsockopt(from, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain != AF_UNIX) return;
  const int to = descriptor();
  const size_t length = choose_.of<size_t>({0, 1, 100, 5000, 70000});
  const unsigned flags = choose_.of<unsigned>({0, SPLICE_F_NONBLOCK, SPLICE_F_MORE, 1u << 20});
  off_t offset = choose_.of<off_t>({0, 10, -1});
  off_t* at = choose_.one_in(4) ? &offset : nullptr;
  const iovec vector[] = {{buffer_, length / 2}, {choose_.one_in(8) ? nullptr : buffer_, length / 2}};
  switch (choose_.below(4)) {
    case 0:
      CALL(tee, from, to, length, flags);
      break;
    case 1:
      CALL(vmsplice, to, vector, choose_.of<size_t>({0, 1, 2, 2000}), flags);
      break;
    default:
      CALL(splice, from, at, to, choose_.one_in(8) ? &offset : nullptr, length, flags);
  }
}

void Run::files() {
  const int number = static_cast<int>(
      CALL(openat, AT_FDCWD, choose_.of({"a", "b", "c"}), choose_.of<int>({O_RDONLY, O_CREAT | O_RDWR})));
  keep(number);
  off_t offset = 0;
  if (choose_.one_in(3))
    CALL(sendfile, descriptor(), number, choose_.one_in(2) ? nullptr : &offset, choose_.below(5000));
}

}  // namespace random_calls
