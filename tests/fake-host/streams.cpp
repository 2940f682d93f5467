// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// wasi:io/streams and error, and the peer's end of connections.
#include <algorithm>

#include "internal.h"

namespace fake {

void Outbox::move() {
  const size_t size = std::min(room, unsent.size());
  delivered.append(unsent, 0, size);
  unsent.erase(0, size);
  if (room != SIZE_MAX) room -= size;
}

bool Outbox::settled(bool polled) {
  if (!unsent.empty()) return false;
  if (polled || !host().older) stalled = false;
  return !stalled;
}

void Connection::sends(const std::string& data) {
  if (in.finished || in.failure || in.shut) return;
  in.data += data;
  if (!data.empty()) in.arrived();
}
void Connection::finishes() {
  in.finished = true;
  in.arrived();
}
void Connection::resets() {
  breaks("Os { code: 104, kind: ConnectionReset, message: \"Connection reset by peer\" }",
         "connection-reset (error 15)");
}
void Connection::breaks(const std::string& read_text, const std::string& write_text) {
  in.data.clear();
  in.failure = read_text;
  in.arrived();
  out.failure = write_text;
  out.unsent.clear();
}
void Connection::stops_reading(size_t size) { out.room = size; }
void Connection::reads(size_t size) {
  out.room = size == SIZE_MAX || out.room == SIZE_MAX ? SIZE_MAX : out.room + size;
  out.move();
}

void OutputStream::dropped() {
  Outbox& out = connection->out;
  out.granted = 0;
  if (host().older) {
    out.unsent.clear();  // lost
    return;
  }
  // The host delivers what it took, and the guest waits for it.
  if (!out.failure) run_until([&] { return out.unsent.empty() || out.failure; }, "dropping a stream with unsent data");
}

namespace {

struct Error : Resource {
  static constexpr Kind its_kind = Kind::error;
  explicit Error(std::string text) : Resource(its_kind), text(std::move(text)) {}
  std::string text;
};

raw::StreamError failed(const std::string& text) { return {0, add(std::make_unique<Error>(text))}; }
constexpr raw::StreamError ended = {1, 0};

bool can_write(Outbox& out, bool polled) { return out.failure || (out.settled(polled) && (out.shut || out.room != 0)); }

}  // namespace

raw::StreamPair add_streams(RawHandle socket, const Peer& connection) {
  auto input = std::make_unique<InputStream>();
  auto output = std::make_unique<OutputStream>();
  input->connection = output->connection = connection;
  const RawHandle first = add(std::move(input), socket);
  return {first, add(std::move(output), socket)};
}

}  // namespace fake

using namespace fake;

extern "C" {

void wps_error_drop(RawHandle handle) { drop(handle, Kind::error); }

void wps_error_to_debug_string(RawHandle handle, raw::List<char>* result) {
  called("error.to-debug-string");
  const std::string& text = get<Error>(handle).text;
  result->data = static_cast<char*>(cabi_realloc(nullptr, 0, 1, text.size()));
  if (!text.empty()) std::memcpy(result->data, text.data(), text.size());
  result->length = text.size();
}

RawHandle wps_get_stdin() {
  called("get-stdin");
  return add(std::make_unique<InputStream>());
}

void wps_input_stream_drop(RawHandle handle) { drop(handle, Kind::input_stream); }

void wps_input_stream_read(RawHandle handle, uint64_t size, raw::StreamResultOf<raw::List<uint8_t>>* result) {
  called("input-stream.read");
  Inbox& in = get<InputStream>(handle).inbox();
  host().largest_read = std::max(host().largest_read, static_cast<int>(size));
  if (in.shut) {
    result->is_error = 1;
    result->error = ended;
    return;
  }
  const size_t ready =
      std::min({in.data.size(), in.most_per_read, static_cast<size_t>(std::min<uint64_t>(size, 65536))});
  if (ready == 0 && in.data.empty() && (in.failure || in.finished)) {
    result->is_error = 1;
    result->error = in.failure ? failed(*in.failure) : ended;
    if (in.failure) {
      // Told once; from then on it looks like a regular end.
      in.failure.reset();
      in.finished = true;
    }
    return;
  }
  if (ready == 0) {
    in.readable = !in.data.empty();
    result->value = {reinterpret_cast<uint8_t*>(cabi_realloc(nullptr, 0, 1, 0)), 0};
    return;
  }
  result->value.data = static_cast<uint8_t*>(cabi_realloc(nullptr, 0, 1, ready));
  std::memcpy(result->value.data, in.data.data(), ready);
  result->value.length = ready;
  in.data.erase(0, ready);
}

RawHandle wps_input_stream_subscribe(RawHandle handle) {
  called("input-stream.subscribe");
  InputStream& stream = get<InputStream>(handle);
  const Peer connection = stream.connection;
  return add_pollable(handle, [connection] {
    const Inbox& in = connection ? connection->in : host().input;
    return in.readable || in.shut || in.finished;
  });
}

void wps_output_stream_drop(RawHandle handle) { drop(handle, Kind::output_stream); }

void wps_output_stream_check_write(RawHandle handle, raw::StreamResultOf<uint64_t>* result) {
  called("output-stream.check-write");
  Outbox& out = get<OutputStream>(handle).connection->out;
  out.granted = 0;
  if (!out.failure && !out.settled(false)) {
    result->value = 0;  // also after shutdown(send), while the task writes
    return;
  }
  if (out.failure || out.shut) {
    result->is_error = 1;
    result->error = out.failure ? failed(*out.failure) : ended;
    return;
  }
  if (!out.permits.empty()) {
    out.granted = out.permits.front();
    out.permits.pop_front();
  } else if (can_write(out, false) && spend_budget()) {
    out.granted = host().older ? 1 << 30 : 65536;
  }
  result->value = out.granted;
}

void wps_output_stream_write(RawHandle handle, const uint8_t* data, size_t size, raw::StreamResultUnit* result) {
  called("output-stream.write");
  Outbox& out = get<OutputStream>(handle).connection->out;
  if (size > 65536) trap("a write of %zu bytes", size);
  if (size > out.granted)
    trap("a write of %zu bytes with a permit for %llu", size, static_cast<unsigned long long>(out.granted));
  if (size != 0) out.granted = 0;
  if (out.failure || out.shut) {
    result->is_error = 1;
    result->error = out.failure ? failed(*out.failure) : ended;
    return;
  }
  out.unsent.append(reinterpret_cast<const char*>(data), size);
  out.move();
  out.stalled = !out.unsent.empty();
}

RawHandle wps_output_stream_subscribe(RawHandle handle) {
  called("output-stream.subscribe");
  const Peer connection = get<OutputStream>(handle).connection;
  return add_pollable(handle, [connection] { return can_write(connection->out, true); });
}
}
