// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What an AF_UNIX socket sent and its receiver hasn't taken yet.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "unix/rights.h"

namespace posix_sockets {

class UnixSocket;

// The data follow in the same block of memory.
struct UnixMessage {
  UnixMessage* next;
  UnixSocket* sender;  // held
  size_t size;
  size_t begin;   // bytes that a stream's reader has taken already
  size_t charge;  // what it takes from the sender's buffer
  UnixRights* rights;
  bool has_credentials;  // of the sender, which is the process itself

  uint8_t* data() { return reinterpret_cast<uint8_t*>(this + 1); }
  size_t left() const { return size - begin; }
};

// How the kernel keeps messages: that decides how many fit into a send buffer.
namespace unix_memory {

constexpr size_t page = 4096;
constexpr size_t line = 64;                          // to which the kernel rounds
constexpr size_t shared_info = 320;                  // kept behind the data
constexpr size_t head = 256;                         // kept apart from them
constexpr size_t piece_pages = 8;                    // of a stream's piece
constexpr size_t datagram_pages = 17;                // MAX_SKB_FRAGS
constexpr size_t largest_head = page - shared_info;  // data that go with the first page of a stream's piece
constexpr size_t largest_datagram_head = 4 * page - shared_info;
// The most that a stream takes as one piece.
constexpr size_t largest_piece = largest_head + piece_pages * page;

// What messages of so many bytes cost.
size_t of_piece(size_t size);
size_t of_datagram(size_t size);

}  // namespace unix_memory
}  // namespace posix_sockets
