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

// What ends a receiving call.
struct Goal {
  bool blocking;
  bool once;      // the first success: a message, or a look at what there is
  size_t enough;  // so many bytes: all with MSG_WAITALL; else those of SO_RCVLOWAT, for which only a stream waits
};

bool waits_for_all(const ReceiveRequest& request) { return (request.flags & MSG_WAITALL) != 0; }
bool peeks(const ReceiveRequest& request) { return (request.flags & MSG_PEEK) != 0; }

size_t low_water(const Socket* socket) {
  return socket != nullptr ? static_cast<size_t>(socket->options.receive_low_water) : 1;
}

// The flags become those for the description, which collects what is peeked at.
Goal goal_of(const Description& description, const Socket* socket, ReceiveRequest& request) {
  const bool blocking = is_blocking(description, request.flags);
  const bool stream = description.is_stream();
  if (!stream || !blocking) request.flags &= ~MSG_WAITALL;
  if (!blocking) request.flags |= MSG_DONTWAIT;
  size_t enough = waits_for_all(request) ? request.size : 1;
  if (!waits_for_all(request) && blocking && stream) enough = low_water(socket);
  if (enough > request.size) enough = request.size;
  if (peeks(request) && blocking && enough > 1) request.flags |= MSG_WAITALL;
  return {blocking, !stream || peeks(request) || request.size == 0, enough};
}

// Takes `size` bytes of a success to what was received. Whether the call goes on.
bool goes_on_after(size_t size, const Goal& goal, ReceiveRequest& request, size_t& done) {
  done += size;
  if (goal.once || size == 0 || done >= goal.enough) return false;
  if (request.rights.get() != nullptr) return false;  // what follows came without them
  request.buffers.offset += size;
  request.size -= size;
  return true;
}

// What there is when the wait for more ended, and why.
Result<size_t> receive_the_rest(Description& description, ReceiveRequest& request, Errno waited, size_t done) {
  if ((waited == EINTR || waited == start_again) && done != 0) return done;
  if (!(waited == ETIMEDOUT || waited == EDEADLK)) return waited;
  if (peeks(request) && waits_for_all(request)) {
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
  const Goal goal = goal_of(description, socket, request);
  Timeout timeout(socket != nullptr ? socket->options.receive_timeout_us : 0);
  size_t done = 0;
  for (;;) {
    Result<size_t> result = description.receive(request);
    if (!goal.blocking && tries_again(description, result)) result = description.receive(request);
    if (result.ok()) {
      if (!goes_on_after(result.value(), goal, request, done)) return done;
      timeout.restart();
      continue;
    }
    if (!(result.error() == EAGAIN)) return stop(socket, done, result);
    if (!goal.blocking || stopped_blocking(description)) return done != 0 ? Result<size_t>(done) : result;
    const Errno waited = wait_until_ready(held, events::readable | events::more_input, timeout.deadline());
    if (!waited.ok()) return receive_the_rest(description, request, waited, done);
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
