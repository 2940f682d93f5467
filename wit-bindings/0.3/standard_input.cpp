// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Standard input. A read is always under way: a host says of a read of no bytes that it's through, whatever there is.
#include <string.h>

#include "wit-bindings/0.3/events.h"
#include "wit-bindings/host.h"

namespace posix_sockets::host {

using namespace wasi3;

namespace {

struct Input : Flight, parts::Watched {
  constexpr Input() : Flight(landed), Watched{look} {}
  static void landed(Flight& flight, uint32_t result) {
    auto& input = static_cast<Input&>(flight);
    input.begin = 0;
    input.end = copied(result);
    input.over = is_dropped(result);
  }
  static bool look(parts::Watched& watched) {
    auto& input = static_cast<Input&>(watched);
    input.put_under_way();
    return input.begin != input.end || input.over;
  }
  void put_under_way() {
    if (is_under_way() || over || begin != end) return;
    if (stream == 0) {
      StreamAndFuture pair = {};
      wps3_stdin(&pair);  // the future only says how it ended
      stream = pair.stream;
    }
    const uint32_t result = wps3_stdin_read(stream, room, sizeof room);
    if (result != blocked) return landed(*this, result);
    if (!take_off(stream)) over = true;
  }

  RawHandle stream = 0;
  size_t begin = 0;
  size_t end = 0;
  bool over = false;
  uint8_t room[4096] = {};
};
constinit Input input;

}  // namespace

StreamResult StandardInput::read(void* buffer, size_t size) {
  if (input.is_under_way()) take_turn();
  input.put_under_way();
  if (input.begin == input.end) return {0, input.over, success};
  if (size > input.end - input.begin) size = input.end - input.begin;
  memcpy(buffer, input.room + input.begin, size);
  input.begin += size;
  return {size, false, success};
}

Source& StandardInput::readable() {
  alignas(Source) static unsigned char memory[sizeof(Source)];  // never destroyed
  return reinterpret_cast<Source*>(memory)->of(input);
}

// libc writes through WASI 0.2 or preview 1, which tell errors of files as they are, and EIO of a stream that has ended.
Result<size_t> write_again(StandardOutput, const iovec*, int) { return Errno(EPIPE); }

}  // namespace posix_sockets::host
