// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The rules of sock_alloc_send_pskb: some bytes in memory of their own, the rest in pages.
#include "unix/message.h"

namespace posix_sockets::unix_memory {
namespace {

size_t round_up(size_t size, size_t unit) { return (size + unit - 1) / unit * unit; }

// What kmalloc gives for so many bytes: its sizes are the powers of two and two others, which are too small to matter here.
size_t block(size_t size) {
  size_t result = 512;
  while (result < size) result *= 2;
  return result;
}

size_t cost(size_t size, size_t in_pages) {
  const size_t pages = round_up(in_pages, page);
  const size_t paged = pages < size ? pages : (in_pages != 0 ? size : 0);
  return head + block(round_up(size - paged, line) + shared_info) + round_up(paged, page);
}

}  // namespace

size_t of_piece(size_t size) { return cost(size, size > largest_head ? size - largest_head : 0); }

size_t of_datagram(size_t size) {
  constexpr size_t most = datagram_pages * page;
  const size_t behind = size > largest_datagram_head ? size - largest_datagram_head : 0;
  return cost(size, behind < most ? behind : most);
}

}  // namespace posix_sockets::unix_memory
