// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Control messages: descriptors that are handed over, and what wild ones do.
#include <cstring>

#include "run.h"

namespace random_calls {
namespace {

// Which descriptors' recvmsg goes unchecked: those of peers are checked in order by receive().
bool is_of_the_network(int number) {
  int domain = AF_UNIX;
  socklen_t size = sizeof domain;
  return guest::getsockopt(number, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain != AF_UNIX;
}

}  // namespace

void Run::send_control() {
  alignas(cmsghdr) unsigned char control[512] = {};
  size_t used = 0;
  for (unsigned left = choose_.below(3); left > 0; --left) {
    const size_t count = choose_.of<size_t>({0, 1, 1, 2, 10});
    const size_t length = CMSG_LEN(count * sizeof(int));
    if (used + CMSG_SPACE(count * sizeof(int)) > sizeof control) break;
    cmsghdr header = {};
    header.cmsg_level = choose_.of<int>({SOL_SOCKET, SOL_SOCKET, SOL_SOCKET, IPPROTO_IP, IPPROTO_IPV6, -1});
    header.cmsg_type = choose_.of<int>({SCM_RIGHTS, SCM_RIGHTS, SCM_CREDENTIALS, IP_PKTINFO, 77});
    header.cmsg_len = choose_.one_in(12)
                          ? choose_.of<size_t>({0, 1, 15, length - 1, length + 1, 1000, SIZE_MAX, SIZE_MAX - 8})
                          : length;
    std::memcpy(control + used, &header, sizeof header);
    for (size_t i = 0; i < count; ++i) {
      const int number = descriptor();
      std::memcpy(control + used + CMSG_LEN(i * sizeof(int)), &number, sizeof number);
    }
    used += CMSG_SPACE(count * sizeof(int));
  }
  if (choose_.one_in(10)) used = choose_.of<size_t>({1, 8, sizeof(cmsghdr), sizeof control});
  iovec vector = {buffer_, choose_.of<size_t>({0, 1, 100, 3000})};
  msghdr message = {};
  message.msg_iov = choose_.one_in(20) ? nullptr : &vector;
  message.msg_iovlen = choose_.of<size_t>({1, 1, 1, 0});
  message.msg_control = choose_.one_in(16) ? nullptr : control;
  message.msg_controllen = used;
  CALL(sendmsg, descriptor(), &message, choose_.of<int>({MSG_DONTWAIT, MSG_DONTWAIT, 0, MSG_OOB}));
}

void Run::receive_control() {
  const int number = descriptor();
  if (is_of_the_network(number)) return;
  // A block of just this size, so that a sanitizer sees what is written beyond.
  const size_t room = choose_.of<size_t>({512, 512, 0, 1, sizeof(cmsghdr), CMSG_LEN(4), CMSG_SPACE(4), CMSG_LEN(8)});
  std::vector<unsigned char> control(room);
  iovec vector = {buffer_, choose_.of<size_t>({100, 5000, 1, 0})};
  msghdr message = {};
  message.msg_iov = &vector;
  message.msg_iovlen = choose_.of<size_t>({1, 1, 1, 0});
  message.msg_control = choose_.one_in(12) ? nullptr : control.data();
  message.msg_controllen = room;
  const int flags = choose_.of<int>({MSG_DONTWAIT, MSG_DONTWAIT, 0, MSG_PEEK | MSG_DONTWAIT, MSG_TRUNC | MSG_DONTWAIT});
  if (CALL(recvmsg, number, &message, flags) < 0 || message.msg_control == nullptr) return;
  if (message.msg_controllen > room) fail("more control data than room", static_cast<long>(message.msg_controllen));
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
    const auto at = static_cast<size_t>(reinterpret_cast<unsigned char*>(header) - control.data());
    if (header->cmsg_len < sizeof(cmsghdr) || header->cmsg_len > room - at)
      fail("a control message beyond its end", static_cast<long>(header->cmsg_len));
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    for (size_t i = 0; CMSG_LEN((i + 1) * sizeof(int)) <= header->cmsg_len; ++i) {
      int received;
      std::memcpy(&received, CMSG_DATA(header) + i * sizeof received, sizeof received);
      if (received < 0) fail("handed over", received);
      keep(received);
    }
  }
}

}  // namespace random_calls
