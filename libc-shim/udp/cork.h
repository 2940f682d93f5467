// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// MSG_MORE: what is sent until a send without it is one datagram, to where the first of these sends goes.
#pragma once

#include "description/request.h"

namespace posix_sockets {

class Cork {
 public:
  Cork() = default;  // nothing is held
  ~Cork() { drop(); }
  Cork(const Cork&) = delete;
  Cork& operator=(const Cork&) = delete;

  explicit operator bool() const { return datagram_ != nullptr; }
  // Begins with what `request` sends. ENOMEM.
  Errno begin(const SendRequest& request);
  // Writes what `request` sends behind what is held, where keep() leaves it. EMSGSIZE, EFAULT.
  Errno append(const SendRequest& request);
  void keep(size_t size);
  // Throws away what is held.
  void drop();
  // Takes over what `other` holds.
  void take(Cork& other);
  // What is held and `more` bytes that were appended, as a request to send it. It points into this and `piece`.
  void describe(size_t more, iovec& piece, SendRequest& request) const;

 private:
  struct Datagram;
  Datagram* datagram_ = nullptr;
};

}  // namespace posix_sockets
