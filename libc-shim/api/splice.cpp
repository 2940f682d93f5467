// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// splice and tee: between a pipe and anything else. A pipe lives in the guest, so bytes are copied; what the host could splice
// by itself (output-stream.splice) has no pipe between.
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/splice_end.h"
#include "api/transfer.h"
#include "file/device.h"
#include "file/file.h"
#include "file/libc.h"

namespace posix_sockets {
namespace {

bool is_directory(int libc_descriptor) {
  struct stat status;
  return libc::fstat(libc_descriptor, &status) == 0 && S_ISDIR(status.st_mode);
}

// Whether the kernel could splice from what isn't a pipe, or to it.
bool can_be_spliced(const SpliceEnd& end, bool from) {
  if (end.ours->is_device()) {
    const auto& device = static_cast<const Device&>(*end.ours);
    return from ? device.can_be_spliced_from() : device.can_be_spliced_to();
  }
  if (!from && end.ours->is_anonymous()) return false;
  return !end.ours->is_plain_file() || !from || !is_directory(libc_descriptor_of(*end.ours));
}

// What a transfer that doesn't wait found: bytes moved, or why not; EAGAIN with whom to wait for, if the call may wait.
struct Attempt {
  Result<size_t> moved;
  const SpliceEnd* awaited = nullptr;
  Events wanted = 0;

  Attempt(Result<size_t> result) : moved(result) {}
  Attempt(Errno error) : moved(error) {}
  static Attempt wait(const SpliceEnd& end, Events wanted, bool blocking) {
    Attempt attempt{Errno(EAGAIN)};
    if (blocking) attempt.awaited = &end;
    attempt.wanted = wanted;
    return attempt;
  }
  bool waits() const { return awaited != nullptr; }
};

// The pages of a pipe that one transfer looks at: as much as one host write takes.
constexpr int most_pieces = 16;
struct View {
  iovec pieces[most_pieces];
  int count;
  size_t size = 0;

  View(const PipeBuffer& pipe, size_t most) : count(pipe.view(pieces, most_pieces, most)) {
    for (int i = 0; i < count; ++i) size += pieces[i].iov_len;
  }
};

Attempt from_pipe(const SpliceEnd& in, const SpliceEnd& out, const off_t* offset, size_t length, unsigned flags) {
  if (!can_be_spliced(out, false)) return Errno(EINVAL);
  if (in.pipe->empty()) {
    if (!in.pipe->has_writer()) return Result<size_t>(size_t{0});
    return Attempt::wait(in, events::readable, in.blocks() && (flags & SPLICE_F_NONBLOCK) == 0);
  }
  const View view(*in.pipe, length);
  Attempt attempt(Errno(EBADF));
  if (out.ours->is_plain_file()) {
    const ssize_t written = offset != nullptr ? pwritev(out.number, view.pieces, view.count, *offset)
                                              : writev(out.number, view.pieces, view.count);
    attempt.moved = written < 0 ? Result<size_t>(Errno(errno)) : Result<size_t>(static_cast<size_t>(written));
  } else {
    SendRequest request;
    request.buffers = {view.pieces, view.count};
    request.size = view.size;
    if ((flags & SPLICE_F_MORE) != 0) request.flags |= MSG_MORE;
    request.flags |= MSG_DONTWAIT;
    attempt.moved = send_blocking(out, request);
    if (attempt.moved.error() == EAGAIN) return Attempt::wait(out, events::writable, out.blocks());
  }
  if (attempt.moved.ok()) in.pipe->consume(attempt.moved.value());
  return attempt;
}

Attempt to_pipe(const SpliceEnd& in, const SpliceEnd& out, const off_t* offset, size_t length, unsigned flags) {
  if (!out.pipe->has_reader()) return Errno(EPIPE);
  const bool may_wait = (flags & SPLICE_F_NONBLOCK) == 0;
  if (out.pipe->full()) return Attempt::wait(out, events::writable, out.blocks() && may_wait);
  if (!can_be_spliced(in, true)) return Errno(EINVAL);
  constexpr size_t piece_size = 65536;
  if (length > out.pipe->free_bytes()) length = out.pipe->free_bytes();
  if (length > piece_size) length = piece_size;
  auto* memory = static_cast<uint8_t*>(malloc(length));
  if (memory == nullptr) return Errno(ENOMEM);
  iovec piece = {memory, length};
  Attempt attempt(Errno(EBADF));
  if (in.ours->is_plain_file()) {
    const ssize_t size =
        offset != nullptr ? pread(in.number, memory, length, *offset) : read(in.number, memory, length);
    attempt.moved = size < 0 ? Result<size_t>(Errno(errno)) : Result<size_t>(static_cast<size_t>(size));
  } else {
    ReceiveRequest request;
    request.buffers = {&piece, 1};
    request.size = length;
    request.flags |= MSG_DONTWAIT;
    attempt.moved = receive_blocking(in, request);
    if (attempt.moved.error() == EAGAIN) {
      // The kernel's tcp_splice_read() and sock_read_iter() don't know the flag, nor what the pipe has.
      const Socket* socket = as<Socket>(in.ours);
      const bool looks_at_pipe = socket != nullptr && socket->family() == Family::unix_domain && in.ours->is_stream();
      const bool pipe_waits = !looks_at_pipe || (out.blocks() && may_wait);
      attempt = Attempt::wait(in, events::readable, in.blocks() && pipe_waits);
    }
  }
  if (attempt.moved.ok() && attempt.moved.value() != 0) {
    piece.iov_len = attempt.moved.value();
    attempt.moved = out.pipe->write({&piece, 1}, piece.iov_len, false);
  }
  free(memory);
  return attempt;
}

// Between two pipes; `consumes`: splice, else tee.
Attempt pipe_to_pipe(const SpliceEnd& in, const SpliceEnd& out, size_t length, unsigned flags, bool consumes) {
  if (in.pipe == out.pipe) return Errno(EINVAL);
  const bool blocking = in.blocks() && out.blocks() && (flags & SPLICE_F_NONBLOCK) == 0;
  if (in.pipe->empty() && in.pipe->has_writer()) return Attempt::wait(in, events::readable, blocking);
  if (!out.pipe->has_reader()) return Errno(EPIPE);
  if (in.pipe->empty()) return Result<size_t>(size_t{0});
  if (out.pipe->full()) return Attempt::wait(out, events::writable, blocking);
  if (length > out.pipe->free_bytes()) length = out.pipe->free_bytes();
  size_t done = 0;
  do {
    const View view(*in.pipe, length - done);
    const Result<size_t> moved = out.pipe->write({view.pieces, view.count}, view.size, false);
    if (!moved.ok()) return done != 0 ? Result<size_t>(done) : moved;
    if (consumes) in.pipe->consume(moved.value());
    done += moved.value();
  } while (consumes && done < length && !in.pipe->empty());
  return Result<size_t>(done);
}

// An offset that the caller gives for an end that isn't a pipe.
Errno check_offset(const SpliceEnd& end, const off_t* offset) {
  if (offset == nullptr) return success;
  if (end.pipe != nullptr) return ESPIPE;
  return accessible(offset) ? success : Errno(EFAULT);
}

// Of the end that isn't a pipe.
Errno check_place(const SpliceEnd& end, const off_t* offset) {
  if (offset == nullptr) return success;
  const bool has_places = end.ours->is_plain_file() || end.ours->is_device();
  return has_places && *offset >= 0 ? success : Errno(EINVAL);
}

// In the order of the kernel's do_splice().
Errno check_ends(const SpliceEnd& in, const off_t* in_offset, const SpliceEnd& out, const off_t* out_offset,
                 size_t length) {
  if (in.pipe != nullptr && in_offset != nullptr) return ESPIPE;
  Errno error = check_offset(out, out_offset);
  if (error.ok()) error = check_offset(in, in_offset);
  if (!error.ok()) return error;
  if (!in.can(O_RDONLY) || !out.can(O_WRONLY)) return EBADF;
  if (in.pipe == nullptr && out.pipe == nullptr) return EINVAL;
  error = in.pipe != nullptr ? check_place(out, out_offset) : check_place(in, in_offset);
  if (!error.ok()) return error;
  if (out.pipe == nullptr && (out.status_flags() & O_APPEND) != 0) return EINVAL;
  const bool pipes = in.pipe != nullptr && out.pipe != nullptr;
  return static_cast<ssize_t>(length) < 0 && !pipes ? EINVAL : success;
}

struct Transfer {
  int in, out;
  off_t *in_offset, *out_offset;  // of tee: null
  size_t length;
  unsigned flags;
  bool consumes;  // splice, else tee

  Attempt attempt(const SpliceEnd& from, const SpliceEnd& to) const {
    if (!from.is_open() || !to.is_open()) return Errno(EBADF);
    if (!consumes) {
      if (!from.can(O_RDONLY) || !to.can(O_WRONLY)) return Errno(EBADF);
      if (from.pipe == nullptr || to.pipe == nullptr) return Errno(EINVAL);
      return pipe_to_pipe(from, to, length, flags, false);
    }
    const Errno error = check_ends(from, in_offset, to, out_offset, length);
    if (!error.ok()) return error;
    if (from.pipe != nullptr && to.pipe != nullptr) return pipe_to_pipe(from, to, length, flags, true);
    off_t* const offset = from.pipe != nullptr ? out_offset : in_offset;
    Attempt result =
        from.pipe != nullptr ? from_pipe(from, to, offset, length, flags) : to_pipe(from, to, offset, length, flags);
    // A device has no place.
    const bool moves = (from.pipe != nullptr ? to : from).ours->is_plain_file();
    if (result.moved.ok() && offset != nullptr && moves) *offset += static_cast<off_t>(result.moved.value());
    return result;
  }
};

Deadline deadline_of(const Attempt& attempt) {
  const Socket* socket = as<Socket>(attempt.awaited->ours);
  if (socket == nullptr) return {};
  const bool reads = (attempt.wanted & events::readable) != 0;
  return deadline_after_us(reads ? socket->options.receive_timeout_us : socket->options.send_timeout_us);
}

// Whether an attempt that failed sends to what isn't a pipe, which takes the bytes of a pipe in several steps.
bool sends(const Attempt& attempt, const SpliceEnd& to) {
  return attempt.waits() && to.pipe == nullptr && (attempt.wanted & events::writable) != 0;
}

// Until an attempt is worth it again. start_again: the other end has become another one meanwhile.
Errno wait_for_end(const Attempt& attempt, const SpliceEnd& from, const SpliceEnd& to, Deadline deadline) {
  const Errno waited = wait_until_ready(*attempt.awaited, attempt.wanted, deadline);
  if (!waited.ok()) return waited;
  const SpliceEnd& other = attempt.awaited == &from ? to : from;
  if (!other.is_current()) return start_again;
  if (sends(attempt, to)) (void)to.ours->ready(events::writable, true);  // takes in what has arrived
  return success;
}

Result<size_t> transfer(Transfer what) {
  const SpliceEnd from(what.in), to(what.out);
  size_t done = 0;
  Deadline deadline;
  bool armed = false;
  for (;;) {
    const Attempt attempt = what.attempt(from, to);
    if (attempt.moved.ok()) {
      done += attempt.moved.value();
      what.length -= attempt.moved.value();
      armed = false;
      // Out of a pipe goes all that is there.
      const bool goes_on = to.pipe == nullptr && attempt.moved.value() != 0 && what.length != 0 && !from.pipe->empty();
      if (goes_on) continue;
      return done;
    }
    if (!attempt.waits() || (done != 0 && !sends(attempt, to))) return done != 0 ? Result<size_t>(done) : attempt.moved;
    if (!armed) deadline = deadline_of(attempt);
    armed = true;
    const Errno waited = wait_for_end(attempt, from, to, deadline);
    if (waited.ok()) continue;
    if (done != 0) return done;
    return waited == ETIMEDOUT ? Errno(EAGAIN) : waited;
  }
}

}  // namespace
}  // namespace posix_sockets

using namespace posix_sockets;

extern "C" {

// splice(2). Parameters: in and out, one of which is an end of a pipe of this program's; their offsets, null for a pipe or
// for the file's own; length in bytes; flags SPLICE_F_NONBLOCK (concerns the pipe), _MORE, _MOVE (nothing to move here).
// Result: bytes moved, 0 at the end of the input. Errors: EBADF not open, or not for that direction; EINVAL neither is a pipe,
// both are the same, an unknown flag, an offset for what has none; ESPIPE an offset for a pipe; EAGAIN; EPIPE nobody reads;
// EFAULT; EDEADLK nothing in this program could ever go on; ENOMEM; and those of the other end's read or write.
ssize_t splice(int in, off_t* in_offset, int out, off_t* out_offset, size_t length, unsigned flags) {
  if (length == 0) return 0;
  if ((flags & ~splice_flags) != 0) return report(EINVAL);
  return restarting<ssize_t>([=] { return transfer({in, out, in_offset, out_offset, length, flags, true}); });
}

// tee(2): as splice() between two pipes, but the bytes stay in the first one. Errors: EBADF; EINVAL they aren't two pipes;
// EAGAIN; EPIPE; EDEADLK; ENOMEM.
ssize_t tee(int in, int out, size_t length, unsigned flags) {
  if ((flags & ~splice_flags) != 0) return report(EINVAL);
  if (length == 0) return 0;
  return restarting<ssize_t>([=] { return transfer({in, out, nullptr, nullptr, length, flags, false}); });
}
}
