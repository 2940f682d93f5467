// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "api/transfer.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/socket.h>

namespace posix_sockets {

Result<size_t> check_buffers(const iovec* vector, int count, bool used) {
  constexpr int most = 1024;  // UIO_MAXIOV
  if (count < 0 || count > most) return Errno(EINVAL);
  if (!accessible(vector, static_cast<size_t>(count) * sizeof *vector)) return Errno(EFAULT);
  size_t total = 0;
  for (int i = 0; i < count; ++i) {
    const size_t length = vector[i].iov_len;
    if (length > static_cast<size_t>(SSIZE_MAX) - total) return Errno(EINVAL);
    if (!in_range(vector[i].iov_base, length)) return Errno(EFAULT);
    if (used && !accessible(vector[i].iov_base, length)) return Errno(EFAULT);
    total += length;
  }
  return total;
}

namespace {

// Whether an operation that doesn't wait is tried again. Reading takes nothing of the host's budget, and sending has seen to
// that itself when it says EAGAIN.
bool tries_again(const Description& description, const Result<size_t>& result) {
  return result.error() == EAGAIN && !description.in_process() && gave_host_a_turn(false);
}

bool is_blocking(const Description& description, int flags) {
  return (description.status_flags & O_NONBLOCK) == 0 && (flags & MSG_DONTWAIT) == 0;
}

// A handler that runs while a call waits may set O_NONBLOCK, and a call that goes on then looks again.
bool stopped_blocking(const Description& description) { return (description.status_flags & O_NONBLOCK) != 0; }

// SO_RCVTIMEO and SO_SNDTIMEO measure inactivity: progress restarts them. Without an option: never.
class Timeout {
 public:
  explicit Timeout(uint64_t us) : us_(us) {}
  void restart() { armed_ = false; }
  Deadline deadline() {
    if (!armed_) deadline_ = deadline_after_us(us_);
    armed_ = true;
    return deadline_;
  }

 private:
  uint64_t us_;
  Deadline deadline_;
  bool armed_ = false;
};

// Whatever was transferred comes before an error, which stays for the next call.
[[gnu::noinline]] Result<size_t> stop(Socket* socket, size_t done, const Result<size_t>& failed) {
  if (done == 0) return failed;
  if (socket != nullptr) socket->restore_error(failed.error());
  return done;
}

// Bytes that a call waits for: SO_RCVLOWAT makes a blocking one wait for more than the first.
size_t enough_of(const ReceiveRequest& request, const Socket* socket, bool blocking, bool stream) {
  if ((request.flags & MSG_WAITALL) != 0) return request.size;
  size_t enough = 1;
  if (blocking && stream && socket != nullptr) enough = static_cast<size_t>(socket->options.receive_low_water);
  return enough < request.size ? enough : request.size;
}

// When there was nothing more to wait for, or not for any longer.
Result<size_t> receive_the_rest(Description& description, ReceiveRequest& request, Errno waited, size_t done) {
  if ((request.flags & MSG_PEEK) != 0 && (request.flags & MSG_WAITALL) != 0) {
    // What there is, now that nothing more came in time.
    request.flags &= ~MSG_WAITALL;
    const Result<size_t> result = description.receive(request);
    return waited == EDEADLK && result.error() == EAGAIN ? Result<size_t>(waited) : result;
  }
  if (done != 0) return done;
  return waited == EDEADLK ? waited : Errno(EAGAIN);
}

}  // namespace

Result<size_t> receive_blocking(const fd::Held& held, ReceiveRequest& request) {
  Description& description = *held.ours;
  Socket* socket = as<Socket>(description);
  const bool blocking = is_blocking(description, request.flags);
  const bool stream = description.is_stream();
  if (!stream || !blocking) request.flags &= ~MSG_WAITALL;
  if (!blocking) request.flags |= MSG_DONTWAIT;
  const size_t enough = enough_of(request, socket, blocking, stream);
  const bool peeking = (request.flags & MSG_PEEK) != 0;
  if (peeking && blocking && enough > 1) request.flags |= MSG_WAITALL;  // the description collects what is peeked at
  const bool once = !stream || peeking || request.size == 0;
  Timeout timeout(socket != nullptr ? socket->options.receive_timeout_us : 0);
  size_t done = 0;
  for (;;) {
    Result<size_t> result = description.receive(request);
    if (!blocking && tries_again(description, result)) result = description.receive(request);
    if (result.ok()) {
      done += result.value();
      if (once || result.value() == 0 || done >= enough) return done;
      if (request.rights.get() != nullptr) return done;  // what follows came without them
      request.buffers.offset += result.value();
      request.size -= result.value();
      timeout.restart();
      continue;
    }
    if (!(result.error() == EAGAIN)) return stop(socket, done, result);
    if (!blocking || stopped_blocking(description)) return done != 0 ? Result<size_t>(done) : result;
    const Errno waited = wait_until_ready(held, events::readable | events::more_input, timeout.deadline());
    if (waited.ok()) continue;
    if ((waited == EINTR || waited == start_again) && done != 0) return done;
    if (!(waited == ETIMEDOUT || waited == EDEADLK)) return waited;
    return receive_the_rest(description, request, waited, done);
  }
}

Result<size_t> send_blocking(const fd::Held& held, SendRequest& request) {
  Description& description = *held.ours;
  Socket* socket = as<Socket>(description);
  const bool blocking = is_blocking(description, request.flags);
  const bool stream = description.is_stream();
  Timeout timeout(socket != nullptr ? socket->options.send_timeout_us : 0);
  size_t done = 0;
  for (;;) {
    Result<size_t> result = description.send(request);
    if (!blocking && done == 0 && tries_again(description, result)) result = description.send(request);
    if (result.ok()) {
      done += result.value();
      if (!stream || result.value() >= request.size) return done;
      request.buffers.offset += result.value();
      request.size -= result.value();
      timeout.restart();
      continue;
    }
    if (!(result.error() == EAGAIN)) return stop(socket, done, result);
    description.send_blocked = true;
    if (!blocking || stopped_blocking(description)) return done != 0 ? Result<size_t>(done) : result;
    const Errno waited = wait_until_ready(held, events::writable, timeout.deadline());
    if (waited.ok()) {
      // Takes in what has arrived meanwhile, which would end every further wait for room at once.
      (void)description.ready(events::writable, true);
      continue;
    }
    if (done != 0) return done;
    return waited == ETIMEDOUT ? Errno(EAGAIN) : waited;
  }
}

}  // namespace posix_sockets
