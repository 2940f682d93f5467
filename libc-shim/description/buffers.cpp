// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Walking the caller's scattered buffers.
#include <string.h>

#include "description/description.h"

namespace posix_sockets {
namespace {

// Calls `use(piece)` for each piece of the buffers from their offset on, until it returns false.
template <class Use>
void for_each_piece(const Buffers& buffers, Use use) {
  size_t skip = buffers.offset;
  for (int i = 0; i < buffers.count; ++i) {
    const iovec& piece = buffers.vector[i];
    if (skip >= piece.iov_len) {
      skip -= piece.iov_len;
      continue;
    }
    if (!use(iovec{static_cast<char*>(piece.iov_base) + skip, piece.iov_len - skip})) return;
    skip = 0;
  }
}

enum class Way : bool { to_pieces, from_pieces };

size_t copy(const Buffers& buffers, char* memory, size_t size, Way way) {
  if (size == 0) return 0;  // then the memory may be null
  size_t done = 0;
  for_each_piece(buffers, [&](iovec piece) {
    const size_t part = piece.iov_len < size - done ? piece.iov_len : size - done;
    char* there = memory + done;
    auto* here = static_cast<char*>(piece.iov_base);
    memcpy(way == Way::to_pieces ? here : there, way == Way::to_pieces ? there : here, part);
    done += part;
    return done < size;
  });
  return done;
}

}  // namespace

ReceiveRequest::ReceiveRequest() = default;
SendRequest::SendRequest() = default;

size_t scatter(const Buffers& buffers, const void* data, size_t size) {
  return copy(buffers, static_cast<char*>(const_cast<void*>(data)), size, Way::to_pieces);
}

size_t gather(const Buffers& buffers, void* data, size_t size) {
  return copy(buffers, static_cast<char*>(data), size, Way::from_pieces);
}

iovec first_piece(const Buffers& buffers) {
  iovec first = {};
  for_each_piece(buffers, [&](iovec piece) {
    first = piece;
    return false;
  });
  return first;
}

}  // namespace posix_sockets
