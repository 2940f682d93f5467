// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The input of a connection.
#include <stdlib.h>
#include <string.h>

#include "wit-bindings/0.3/address.h"
#include "wit-bindings/0.3/connection.h"

namespace posix_sockets::host::parts {

using namespace wasi3;

namespace {

// Longer rooms wait here for the connections that are busy: few are at a time.
constexpr int most_spares = 8;
uint8_t* spares[most_spares];
int spare_count;

bool look_at(Watched& watched) {
  Input& input = static_cast<Input&>(watched);
  input.put_under_way();
  return input.is_ready();
}

}  // namespace

Input::Input(RawHandle its_stream, RawHandle its_future)
    : Flight(landed), Watched{look_at}, stream(its_stream), future(its_future), stream_end(wps3_input_end_read) {}

void Input::landed(Flight& flight, uint32_t result) {
  auto& input = static_cast<Input&>(flight);
  const size_t asked = input.room == input.inline_room ? small : large;
  input.begin = 0;
  input.end = static_cast<uint16_t>(copied(result));
  input.expects_much = copied(result) == asked || (asked == large && copied(result) > small);
  input.note(result, asked);
}

void Input::note(uint32_t result, size_t asked) {
  expects_more = copied(result) == asked;
  if (is_dropped(result) && !stream_end.over) (void)stream_end.begin(future);
}

void Input::give_room_back() {
  if (room == inline_room) return;
  if (spare_count < most_spares) {
    spares[spare_count++] = room;
  } else {
    free(room);
  }
  room = inline_room;
}

void Input::put_under_way() {
  if (is_under_way() || begin != end || stream_end.over) return;
  if (expects_much && room == inline_room) {
    uint8_t* larger = spare_count != 0 ? spares[--spare_count] : static_cast<uint8_t*>(malloc(large));
    if (larger != nullptr) room = larger;
  }
  const size_t size = room == inline_room ? small : large;
  const uint32_t result = wps3_input_read(stream, room, size);
  if (result != blocked) return landed(*this, result);
  if (take_off(stream)) return;
  landed(*this, wps3_input_cancel(stream));  // no memory: then it's asked again and again
}

size_t Input::take(void* buffer, size_t size) {
  const size_t there = static_cast<size_t>(end - begin);
  if (size > there) size = there;
  memcpy(buffer, room + begin, size);
  begin = static_cast<uint16_t>(begin + size);
  if (begin == end) {
    begin = end = 0;
    give_room_back();
  }
  return size;
}

StreamResult Input::read(void* buffer, size_t size) {
  size_t done = 0;
  if (is_under_way() || (stream_end.over && !stream_end.known)) take_turn();
  // Where nothing more is expected a short read that stays under way costs less than one that is cancelled.
  if (begin == end && !expects_more) put_under_way();
  if (begin != end) done = take(buffer, size);
  if (done < size && begin == end && expects_more && !is_under_way() && !stream_end.over) {
    auto* rest = static_cast<uint8_t*>(buffer) + done;
    uint32_t result = wps3_input_read(stream, rest, size - done);
    if (result == blocked) result = wps3_input_cancel(stream);
    note(result, size - done);
    done += copied(result);
  }
  if (done != 0) return {done, false, success};
  return stream_end.known ? StreamResult{0, true, stream_end.cause()} : StreamResult{};
}

void Input::drop() {
  source.reset();
  if (take_back() != 0) (void)wps3_input_cancel(stream);
  if (stream_end.take_back() != 0) (void)wps3_input_end_cancel(future);
  wps3_input_drop(stream);
  wps3_input_end_drop(future);
  give_room_back();
}

}  // namespace posix_sockets::host::parts
