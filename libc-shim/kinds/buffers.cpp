// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Walking the caller's scattered buffers.
#include <string.h>

#include "kinds/description.h"

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

}  // namespace

size_t scatter(const Buffers& buffers, const void* data, size_t size) {
  if (size == 0) return 0;  // then data may be null
  size_t done = 0;
  for_each_piece(buffers, [&](iovec piece) {
    const size_t part = piece.iov_len < size - done ? piece.iov_len : size - done;
    memcpy(piece.iov_base, static_cast<const char*>(data) + done, part);
    done += part;
    return done < size;
  });
  return done;
}

size_t gather(const Buffers& buffers, void* data, size_t size) {
  if (size == 0) return 0;
  size_t done = 0;
  for_each_piece(buffers, [&](iovec piece) {
    const size_t part = piece.iov_len < size - done ? piece.iov_len : size - done;
    memcpy(static_cast<char*>(data) + done, piece.iov_base, part);
    done += part;
    return done < size;
  });
  return done;
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
