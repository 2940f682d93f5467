// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// An established connection.
#include <algorithm>
#include <cerrno>
#include <cstring>

#include "models.h"

using namespace scripted;

namespace posix_sockets::host {

using parts::ConnectionModel;

namespace {

// A fault of a stream, which has failed from then on, unless it's that nothing can be done now.
StreamResult failed(Pipe& pipe, const Fault& fault, bool reading) {
  if (fault.value == EAGAIN) return {};
  pipe.data.clear();
  if (reading) {
    pipe.ended = true;
    pipe.failure = Errno();
    pipe.failed = true;
  } else {
    pipe.failure = fault.value < 0 ? EPIPE : fault.value;
    pipe.failed = true;
  }
  return {0, true, fault.value < 0 ? Errno() : Errno(fault.value)};
}

}  // namespace

// What wasn't read resets the connection; else the end follows what was written.
void parts::drop(ConnectionModel* model) {
  if (!model->in->data.empty()) {
    model->out->data.clear();
    model->out->failure = ECONNRESET;
  }
  model->out->ended = true;
  model->in->failure = EPIPE;
  delete model;
}

StreamResult Connection::read(void* buffer, size_t size) {
  if (size == 0) stop("a read of nothing");
  Pipe& pipe = *part.model->in;
  if (const Fault* given = fault(Call::read)) return failed(pipe, *given, true);
  const size_t taken = std::min(size, pipe.data.size());
  if (taken != 0) {
    std::memcpy(buffer, pipe.data.data(), taken);
    pipe.data.erase(0, taken);
    pipe.taken += taken;
    return {taken, false, success};
  }
  if (!pipe.failure.ok() && !pipe.failed) {
    pipe.failed = pipe.ended = true;
    return {0, true, pipe.failure};
  }
  return {0, pipe.ended, success};
}

StreamResult Connection::room() {
  Pipe& pipe = *part.model->out;
  if (const Fault* given = fault(Call::room)) return failed(pipe, *given, false);
  if (!pipe.failure.ok()) return {0, true, pipe.failure};
  if (pipe.ended) return {0, true, success};
  settle_peers();
  return {pipe.room(), false, success};
}

StreamResult Connection::write(const void* data, size_t size) {
  if (size == 0) stop("a write of nothing");
  Pipe& pipe = *part.model->out;
  if (const Fault* given = fault(Call::write)) return failed(pipe, *given, false);
  if (!pipe.failure.ok()) return {0, true, pipe.failure};
  if (pipe.ended) return {0, true, success};
  settle_peers();
  const size_t given = std::min(size, pipe.room());
  pipe.data.append(static_cast<const char*>(data), given);
  pipe.given += given;
  return {given, false, success};
}

void Connection::end_sending() { part.model->out->ended = true; }

Result<SocketAddress> Connection::local_address() const {
  const Errno error = error_of(Call::connection_local_address);
  if (!error.ok()) return error;
  return part.model->local;
}
Result<SocketAddress> Connection::remote_address() const {
  const Errno error = error_of(Call::connection_remote_address);
  if (!error.ok()) return error;
  if (!part.model->out->failure.ok()) return Errno(ENOTCONN);
  return part.model->remote;
}
Result<uint64_t> Connection::option(Option option) const {
  return scripted::get_option(part.model->options, option, Call::connection_option);
}
Errno Connection::set_option(Option option, uint64_t value) {
  return scripted::set_option(part.model->options, option, value, Call::connection_set_option);
}
Source& Connection::readable() {
  const std::shared_ptr<Pipe> pipe = part.model->in;
  return source_of(part.readable, [pipe] { return !pipe->data.empty() || pipe->ended || !pipe->failure.ok(); });
}
Source& Connection::writable() {
  const std::shared_ptr<Pipe> pipe = part.model->out;
  return source_of(part.writable, [pipe] { return pipe->room() != 0 || pipe->ended || !pipe->failure.ok(); });
}

}  // namespace posix_sockets::host

namespace scripted {

posix_sockets::Result<uint64_t> get_option(const Options& options, Option option, Call call) {
  const Errno error = error_of(call);
  if (!error.ok()) return error;
  return options.values[static_cast<int>(option)];
}
Errno set_option(Options& options, Option option, uint64_t value, Call call) {
  const Errno error = error_of(call);
  if (error.ok()) options.values[static_cast<int>(option)] = value;
  return error;
}

}  // namespace scripted
