// What unix_rights_test.cpp and unix_rights_garbage_test.cpp share.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <vector>

#include "local.h"
#include "peer.h"

using namespace conformance;

namespace unix_rights {

struct Received {
  std::string data;
  std::vector<Fd> fds;
  int flags = 0;
};

// The control block is built by hand, so that malformed ones can be, too.
inline ssize_t send_fds(int socket, const std::string& data, const std::vector<int>& fds, int level = SOL_SOCKET,
                        int kind = SCM_RIGHTS) {
  std::vector<char> control(CMSG_SPACE(fds.size() * sizeof(int)));
  iovec piece = {const_cast<char*>(data.data()), data.size()};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = static_cast<socklen_t>(control.size());
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = level;
  header->cmsg_type = kind;
  header->cmsg_len = CMSG_LEN(fds.size() * sizeof(int));
  std::memcpy(CMSG_DATA(header), fds.data(), fds.size() * sizeof(int));
  return sendmsg(socket, &message, MSG_NOSIGNAL);
}

inline Received receive_fds(int socket, std::size_t size, std::size_t room = 8, int flags = 0) {
  std::vector<char> control(room == 0 ? 1 : CMSG_SPACE(room * sizeof(int)));
  Received got;
  got.data.resize(size);
  iovec piece = {got.data.data(), size};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  if (room != 0) {
    message.msg_control = control.data();
    message.msg_controllen = static_cast<socklen_t>(CMSG_LEN(room * sizeof(int)));
  }
  ssize_t n = recvmsg(socket, &message, flags);
  REQUIRE_OK(n);
  got.data.resize(static_cast<std::size_t>(n));
  got.flags = message.msg_flags;
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
    CHECK(header->cmsg_level == SOL_SOCKET);
    CHECK(header->cmsg_type == SCM_RIGHTS);
    for (std::size_t i = 0; i < (header->cmsg_len - CMSG_LEN(0)) / sizeof(int); ++i) {
      int number;
      std::memcpy(&number, CMSG_DATA(header) + i * sizeof number, sizeof number);
      got.fds.push_back(Fd(number));
    }
  }
  return got;
}

}  // namespace unix_rights
