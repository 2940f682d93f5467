// A message for sendmsg and recvmsg and their forms for many.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <sys/uio.h>

#include <utility>
#include <vector>

#include "peer.h"

namespace conformance {

/// A message over the given pieces of memory.
struct Message {
  std::vector<iovec> pieces;
  msghdr header{};

  explicit Message(std::vector<iovec> list) : pieces(std::move(list)) {
    header.msg_iov = pieces.data();
    header.msg_iovlen = static_cast<decltype(header.msg_iovlen)>(pieces.size());
  }
  Message& name(Address& address) {
    header.msg_name = address.get();
    header.msg_namelen = address.length;
    return *this;
  }
};

inline iovec piece(std::string& memory) { return {memory.data(), memory.size()}; }

}  // namespace conformance
