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

StreamResult Output::write(const void* data, size_t size) {
  if (is_under_way() || begin != end || (stream_end.over && !stream_end.known)) {
    take_turn();
    if (!is_under_way() && begin != end) go_on();
    if (begin != end || (stream_end.over && !stream_end.known)) return {};
  }
  size_t done = 0;
  if (!stream_end.over) {
    if (size > largest_write) size = largest_write;
    uint32_t result = wps3_output_write(stream, data, size);
    if (result == blocked) result = wps3_output_cancel(stream);
    done = copied(result);
    if (is_dropped(result)) {
      // Why comes a turn later. A host that takes longer tells the next call.
      constexpr int most_turns = 32;
      if (!stream_end.begin(future))
        for (int turn = 0; turn < most_turns && !stream_end.known; ++turn) take_turn();
    } else if (done < size) {
      size_t more = size - done;
      if (more > most_begun) more = most_begun;
      memcpy(begun, static_cast<const uint8_t*>(data) + done, more);
      begin = 0;
      end = static_cast<uint8_t>(more);
      go_on();
      done += more;
    }
  }
  if (done != 0) return {done, false, success};
  if (!stream_end.known) return {};
  if (stream_end.code == 0) return {0, true, success};
  const Errno error = errno_of(static_cast<ErrorCode>(stream_end.code - 1));
  return {0, true, error == EIO ? Errno(ECONNRESET) : error};
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
  if (!output.is_ready() || output.begin != output.end) {
    take_turn();
    if (output.begin != output.end && !output.is_under_way()) output.go_on();
    if (!output.is_ready() || output.begin != output.end) return {};
  }
  if (output.stream_end.known || output.stream == 0) {
    const uint8_t code = output.stream_end.code;
    return {0, true, code == 0 ? success : errno_of(static_cast<ErrorCode>(code - 1))};
  }
  return {parts::largest_write, false, success};
}

}  // namespace posix_sockets::host
