// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a caller asks of a description: to receive or send, by which buffers, with what beside the bytes.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "support/address.h"
#include "support/unix_address.h"

namespace posix_sockets {

struct UnixRights;

// Sole owner of descriptions on their way in a message, which it gives back if nobody takes them.
class RightsOwner {
 public:
  RightsOwner() = default;
  ~RightsOwner() { reset(nullptr); }
  RightsOwner(const RightsOwner&) = delete;
  RightsOwner& operator=(const RightsOwner&) = delete;

  UnixRights* get() const { return rights_; }
  UnixRights* release() {
    UnixRights* rights = rights_;
    rights_ = nullptr;
    return rights;
  }
  void reset(UnixRights* rights) {
    if (rights_ != nullptr) give_back(rights_);
    rights_ = rights;
  }

 private:
  friend struct UnixRights;
  static inline void (*give_back)(UnixRights* rights);  // set by who makes rights

  UnixRights* rights_ = nullptr;
};

// The caller's buffers, as readv and sendmsg have them.
struct Buffers {
  const iovec* vector;
  int count;
  size_t offset = 0;  // bytes of the whole that are done already
};

// Whose SCM_CREDENTIALS come with a message: of a sender that gave none, of the process itself, or of no sender at all, at
// the end of a stream.
enum class Credentials : uint8_t { none, unknown, own };

struct ReceiveRequest {
  ReceiveRequest();  // not inline: there is much to initialize
  Buffers buffers = {};
  size_t size = 0;  // bytes wanted, of all buffers after the offset
  int flags = 0;    // MSG_PEEK, MSG_TRUNC, MSG_WAITALL
  // Out: the sender of a datagram, and MSG_TRUNC.
  SocketAddress source;
  bool has_source = false;
  size_t copied = 0;        // of a datagram
  UnixAddress unix_source;  // of AF_UNIX sockets, in place of `source`
  RightsOwner rights;       // SCM_RIGHTS that came along
  Credentials credentials = Credentials::none;
  int out_flags = 0;
};

struct SendRequest {
  SendRequest();
  Buffers buffers = {};  // no vector, although a size: memory that isn't there
  size_t size = 0;
  int flags = 0;
  const SocketAddress* destination = nullptr;
  SocketAddress destination_address;  // what `destination` points at
  const sockaddr* name = nullptr;     // of AF_UNIX sockets, in place of `destination`
  socklen_t name_length = 0;
  RightsOwner rights;            // SCM_RIGHTS to send along, until a message takes them
  uint8_t hop_limit = 0;         // of this datagram; 0: the socket's
  bool has_credentials = false;  // SCM_CREDENTIALS, which can only be the process's own
};

// Copies between the buffers and one piece of memory; return the number of bytes copied.
size_t scatter(const Buffers& buffers, const void* data, size_t size);
size_t gather(const Buffers& buffers, void* data, size_t size);
// The first piece of the buffers that isn't empty and begins at their offset.
iovec first_piece(const Buffers& buffers);

}  // namespace posix_sockets
