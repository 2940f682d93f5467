// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// An established connection.
#include "wit-bindings/0.2/budget.h"
#include "wit-bindings/0.2/input_stream.h"
#include "wit-bindings/0.2/tcp_handle.h"
#include "wit-bindings/host.h"

namespace posix_sockets::host {

using namespace wasi::raw;

namespace {

// Some hosts permit a gigabyte and keep it in their own memory: a program would never see that its peer is slow. Others end a guest
// that writes more at once.
constexpr size_t largest_write = 65536;

// What the last check-write permitted. It stays good until something is written, and a write uses all of it up; one without ends
// the guest.
struct Permit {
  wasi::RawHandle output;
  size_t size;
};
Permit permit;

// A connection doesn't fail without a reason, and this is the one that Linux gives for most.
StreamResult over(const StreamError& error) {
  const Errno cause = stream_failure(error);
  return {0, true, cause == EIO ? Errno(ECONNRESET) : cause};
}

}  // namespace

void parts::drop_output(RawHandle output) {
  if (permit.output == output) permit.output = 0;
  wps_output_stream_drop(output);
}

parts::Connection::Connection(Connection&& other) noexcept = default;
parts::Connection::~Connection() = default;
parts::Connection& parts::Connection::operator=(Connection&& other) noexcept {
  readable = static_cast<Source&&>(other.readable);
  writable = static_cast<Source&&>(other.writable);
  input = static_cast<decltype(input)&&>(other.input);
  output = static_cast<decltype(output)&&>(other.output);
  socket = static_cast<decltype(socket)&&>(other.socket);
  return *this;
}

StreamResult Connection::read(void* buffer, size_t size) {
  const StreamResult result = read_stream(part.input.borrow(), buffer, size);
  if (result.error == EIO) return {0, true, ECONNRESET};
  return result;
}

StreamResult Connection::room() {
  StreamResultOf<uint64_t> result = {};
  permit.output = 0;
  wps_output_stream_check_write(part.output.borrow(), &result);
  if (result.is_error != 0) return over(result.error);
  if (result.value == 0) return {};
  wasi::count_success();
  permit = {part.output.borrow(), result.value < largest_write ? static_cast<size_t>(result.value) : largest_write};
  return {permit.size, false, success};
}

StreamResult Connection::write(const void* data, size_t size) {
  if (permit.output != part.output.borrow()) {
    const StreamResult asked = room();
    if (asked.count == 0) return asked;
  }
  if (size > permit.size) size = permit.size;
  permit.output = 0;
  StreamResultUnit result = {};
  wps_output_stream_write(part.output.borrow(), static_cast<const uint8_t*>(data), size, &result);
  if (result.is_error != 0) return over(result.error);
  return {size, false, success};
}

void Connection::end_sending() {
  constexpr int32_t shutdown_send = 1;
  ResultUnit result = {};
  wps_tcp_shutdown(part.socket.borrow(), shutdown_send, &result);
}

Result<SocketAddress> Connection::local_address() const { return tcp::local_address(part.socket.borrow()); }
Result<SocketAddress> Connection::remote_address() const {
  const Result<SocketAddress> address = tcp::address(part.socket.borrow(), wps_tcp_remote_address);
  return address.ok() ? address : Errno(ENOTCONN);
}
Result<uint64_t> Connection::option(Option option) const { return tcp::option(part.socket.borrow(), option); }
Errno Connection::set_option(Option option, uint64_t value) {
  return tcp::set_option(part.socket.borrow(), option, value);
}

Source& Connection::readable() { return part.readable.of(part.input.borrow(), wps_input_stream_subscribe); }
Source& Connection::writable() { return part.writable.of(part.output.borrow(), wps_output_stream_subscribe); }

}  // namespace posix_sockets::host
