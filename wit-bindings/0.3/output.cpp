// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The output of a connection.
#include <string.h>

#include "wit-bindings/0.3/address.h"
#include "wit-bindings/0.3/connection.h"

namespace posix_sockets::host {

using namespace wasi3;

namespace parts {
namespace {

// One write takes no more, as over other versions of WASI.
constexpr size_t largest_write = 65536;

bool look_at(Watched& watched) { return static_cast<Output&>(watched).is_ready(); }

}  // namespace

Output::Output(RawHandle its_stream, RawHandle its_future)
    : Flight(landed), Watched{look_at}, stream(its_stream), future(its_future), stream_end(wps3_output_end_read) {}

void Output::landed(Flight& flight, uint32_t result) {
  auto& output = static_cast<Output&>(flight);
  output.begin = static_cast<uint8_t>(output.begin + copied(result));
  if (is_dropped(result)) {
    output.begin = output.end = 0;
    if (!output.stream_end.over) (void)output.stream_end.begin(output.future);
    return;
  }
  output.go_on();
}

void Output::go_on() {
  while (begin < end && !is_under_way() && !stream_end.over) {
    const uint32_t result = wps3_output_write(stream, begun + begin, static_cast<size_t>(end - begin));
    if (result == blocked) {
      if (take_off(stream)) return;
      landed(*this, wps3_output_cancel(stream));
      return;  // no memory: the next call goes on
    }
    begin = static_cast<uint8_t>(begin + copied(result));
    if (is_dropped(result)) {
      begin = end = 0;
      (void)stream_end.begin(future);
    }
  }
  if (begin != end) return;
  begin = end = 0;
  if (ends) end_sending();
}

// Whether something may be written: nothing is begun, or under way.
bool Output::is_free() {
  const bool waits_for_end = stream_end.over && !stream_end.known;
  if (!is_under_way() && begin == end && !waits_for_end) return true;
  take_turn();
  if (!is_under_way() && begin != end) go_on();
  return begin == end && !(stream_end.over && !stream_end.known);
}

// What the kernel had no room for: a little of it is begun, and counts as written.
size_t Output::begin_rest(const uint8_t* rest, size_t size) {
  if (size > most_begun) size = most_begun;
  memcpy(begun, rest, size);
  begin = 0;
  end = static_cast<uint8_t>(size);
  go_on();
  return size;
}

// Why comes a turn later. A host that takes longer tells the next call.
void Output::learn_why() {
  constexpr int most_turns = 32;
  if (stream_end.begin(future)) return;
  for (int turn = 0; turn < most_turns && !stream_end.known; ++turn) take_turn();
}

StreamResult Output::write(const void* data, size_t size) {
  if (!is_free()) return {};
  if (size > largest_write) size = largest_write;
  size_t done = 0;
  if (!stream_end.over) {
    uint32_t result = wps3_output_write(stream, data, size);
    if (result == blocked) result = wps3_output_cancel(stream);
    done = copied(result);
    if (is_dropped(result)) {
      learn_why();
    } else if (done < size) {
      done += begin_rest(static_cast<const uint8_t*>(data) + done, size - done);
    }
  }
  if (done != 0) return {done, false, success};
  return stream_end.known ? StreamResult{0, true, stream_end.cause()} : StreamResult{};
}

void Output::end_sending() {
  ends = true;
  if (begin != end || stream == 0) return;
  wps3_output_drop(stream);
  stream = 0;
}

void Output::drop() {
  source.reset();
  if (take_back() != 0) (void)wps3_output_cancel(stream);
  if (stream_end.take_back() != 0) (void)wps3_output_end_cancel(future);
  if (stream != 0) wps3_output_drop(stream);
  wps3_output_end_drop(future);
}

}  // namespace parts

StreamResult Connection::room() {
  parts::Output& output = part.state->output;
  if (!output.is_free()) return {};
  if (output.stream_end.known || output.stream == 0) {
    return {0, true, output.stream_end.cause()};
  }
  return {parts::largest_write, false, success};
}

}  // namespace posix_sockets::host
