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

// A handler that runs while a call waits may set O_NONBLOCK, and a call that goes on then looks again.
bool stopped_blocking(const Description& description) { return (description.status_flags & O_NONBLOCK) != 0; }

}  // namespace

Result<size_t> receive_blocking(Description& description, ReceiveRequest& request) {
  Socket* socket = as<Socket>(description);
  const bool blocking = (description.status_flags & O_NONBLOCK) == 0 && (request.flags & MSG_DONTWAIT) == 0;
  const bool stream = description.is_stream();
  if (!stream || !blocking) request.flags &= ~MSG_WAITALL;
  if (!blocking) request.flags |= MSG_DONTWAIT;
  const bool all = (request.flags & MSG_WAITALL) != 0;
  const uint64_t timeout = socket != nullptr ? socket->options.receive_timeout_us : 0;
  // SO_RCVLOWAT makes a blocking call wait for more than the first byte.
  size_t enough = 1;
  if (blocking && stream && socket != nullptr) enough = static_cast<size_t>(socket->options.receive_low_water);
  if (all || enough > request.size) enough = request.size;

  const bool peeking = (request.flags & MSG_PEEK) != 0;
  if (peeking && blocking && enough > 1) request.flags |= MSG_WAITALL;  // the description collects what is peeked at
  const size_t wanted = request.size;
  size_t done = 0;
  Deadline deadline;
  bool armed = false;
  for (;;) {
    Result<size_t> result = description.receive(request);
    if (!blocking && tries_again(description, result)) result = description.receive(request);
    if (result.ok()) {
      done += result.value();
      if (!stream || peeking || result.value() == 0 || done >= enough || wanted == 0) return done;
      if (request.rights.get() != nullptr) return done;  // what follows came without them
      request.buffers.offset += result.value();
      request.size -= result.value();
      armed = false;  // the timer measures inactivity: progress restarts it
      continue;
    }
    if (!(result.error() == EAGAIN)) {
      if (done == 0) return result;
      if (socket != nullptr) socket->restore_error(result.error());
      return done;
    }
    if (!blocking || stopped_blocking(description)) return done != 0 ? Result<size_t>(done) : result;
    if (!armed) {
      deadline = deadline_after_us(timeout);
      armed = true;
    }
    const Errno waited = wait_until_ready(description, events::readable | events::more_input, deadline);
    if (waited.ok()) continue;
    if ((waited == EINTR || waited == EBADF) && done != 0) return done;
    if (!(waited == ETIMEDOUT || waited == EDEADLK)) return waited;
    if (peeking && (request.flags & MSG_WAITALL) != 0) {
      // What there is, now that nothing more came in time.
      request.flags &= ~MSG_WAITALL;
      result = description.receive(request);
      return waited == EDEADLK && result.error() == EAGAIN ? Result<size_t>(waited) : result;
    }
    if (done != 0) return done;
    return waited == EDEADLK ? waited : Errno(EAGAIN);
  }
}

Result<size_t> send_blocking(Description& description, SendRequest& request) {
  Socket* socket = as<Socket>(description);
  const bool blocking = (description.status_flags & O_NONBLOCK) == 0 && (request.flags & MSG_DONTWAIT) == 0;
  const bool stream = description.is_stream();
  const uint64_t timeout = socket != nullptr ? socket->options.send_timeout_us : 0;
  size_t done = 0;
  Deadline deadline;
  bool armed = false;
  for (;;) {
    Result<size_t> result = description.send(request);
    if (!blocking && done == 0 && tries_again(description, result)) result = description.send(request);
    if (result.ok()) {
      done += result.value();
      if (!stream || result.value() >= request.size) return done;
      request.buffers.offset += result.value();
      request.size -= result.value();
      armed = false;
      continue;
    }
    if (!(result.error() == EAGAIN)) {
      if (done == 0) return result;
      if (socket != nullptr) socket->restore_error(result.error());
      return done;
    }
    description.send_blocked = true;
    if (!blocking || stopped_blocking(description)) return done != 0 ? Result<size_t>(done) : result;
    if (!armed) {
      deadline = deadline_after_us(timeout);
      armed = true;
    }
    const Errno waited = wait_until_ready(description, events::writable, deadline);
    if (waited.ok()) {
      // Takes in what has arrived meanwhile, which would end every further wait for room at once.
      (void)description.ready(events::writable, true);
      continue;
    }
    if (done != 0) return done;
    if (!(waited == ETIMEDOUT || waited == EDEADLK)) return waited;
    return waited == EDEADLK ? waited : Errno(EAGAIN);
  }
}

}  // namespace posix_sockets
