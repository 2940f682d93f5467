// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// splice, tee, vmsplice: between a pipe and anything else. A pipe lives in the guest, so bytes are copied; what the host
// could splice by itself (output-stream.splice) has no pipe between.
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/transfer.h"
#include "file/device.h"
#include "file/file.h"
#include "file/libc.h"
#include "pipe/pipe.h"

namespace posix_sockets {
namespace {

constexpr unsigned known_flags = SPLICE_F_MOVE | SPLICE_F_NONBLOCK | SPLICE_F_MORE | SPLICE_F_GIFT;

// One end of a transfer: a description, or a file of libc's.
struct End {
  int number = -1;
  Description* description = nullptr;
  PipeBuffer* pipe = nullptr;
  bool blocking = true;

  bool is_open() const { return description != nullptr; }
};

// Standard input was taken over before, so that none of the descriptions goes away by that.
End end_of(int number) {
  End end;
  end.number = number;
  end.description = fd::find(number);
  if (!end.is_open()) return end;
  end.pipe = pipe_of(end.description);
  const int flags = end.description->is_plain_file() ? fcntl(number, F_GETFL) : end.description->status_flags;
  end.blocking = (flags & O_NONBLOCK) == 0;
  return end;
}

bool is_directory(int libc_descriptor) {
  struct stat status;
  return libc::fstat(libc_descriptor, &status) == 0 && S_ISDIR(status.st_mode);
}

bool can(const End& end, int access) {
  if (end.description->is_plain_file()) {
    const int mode = fcntl(end.number, F_GETFL) & O_ACCMODE;
    return mode == O_RDWR || mode == access;
  }
  // Some have no mode, and say so themselves.
  const int mode = end.description->status_flags & O_ACCMODE;
  return mode == access || mode == O_RDWR || (end.pipe == nullptr && mode == 0);
}

// Whether the kernel could splice from what isn't a pipe, or to it.
bool can_be_spliced(const End& end, bool from) {
  if (end.description->is_device()) {
    const auto& device = static_cast<const Device&>(*end.description);
    return from ? device.can_be_spliced_from() : device.can_be_spliced_to();
  }
  if (!from && end.description->is_anonymous()) return false;
  return !end.description->is_plain_file() || !from || !is_directory(libc_descriptor_of(*end.description));
}

// What a transfer that doesn't wait found: bytes moved, or why not; EAGAIN with whom to wait for, if the call may wait.
struct Attempt {
  Result<size_t> moved;
  Description* awaited = nullptr;
  Events wanted = 0;

  Attempt(Result<size_t> result) : moved(result) {}
  Attempt(Errno error) : moved(error) {}
  static Attempt wait(const End& end, Events wanted, bool blocking) {
    Attempt attempt{Errno(EAGAIN)};
    if (blocking) attempt.awaited = end.description;
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

Attempt from_pipe(const End& in, const End& out, const off_t* offset, size_t length, unsigned flags) {
  if (!can_be_spliced(out, false)) return Errno(EINVAL);
  if (in.pipe->empty()) {
    if (!in.pipe->has_writer()) return Result<size_t>(size_t{0});
    return Attempt::wait(in, events::readable, in.blocking && (flags & SPLICE_F_NONBLOCK) == 0);
  }
  const View view(*in.pipe, length);
  Attempt attempt(Errno(EBADF));
  if (out.description->is_plain_file()) {
    const ssize_t written = offset != nullptr ? pwritev(out.number, view.pieces, view.count, *offset)
                                              : writev(out.number, view.pieces, view.count);
    attempt.moved = written < 0 ? Result<size_t>(Errno(errno)) : Result<size_t>(static_cast<size_t>(written));
  } else {
    SendRequest request;
    request.buffers = {view.pieces, view.count};
    request.size = view.size;
    if ((flags & SPLICE_F_MORE) != 0) request.flags |= MSG_MORE;
    request.flags |= MSG_DONTWAIT;
    attempt.moved = send_blocking(*out.description, request);
    if (attempt.moved.error() == EAGAIN) return Attempt::wait(out, events::writable, out.blocking);
  }
  if (attempt.moved.ok()) in.pipe->consume(attempt.moved.value());
  return attempt;
}

Attempt to_pipe(const End& in, const End& out, const off_t* offset, size_t length, unsigned flags) {
  if (!out.pipe->has_reader()) return Errno(EPIPE);
  const bool may_wait = (flags & SPLICE_F_NONBLOCK) == 0;
  if (out.pipe->full()) return Attempt::wait(out, events::writable, out.blocking && may_wait);
  if (!can_be_spliced(in, true)) return Errno(EINVAL);
  constexpr size_t piece_size = 65536;
  if (length > out.pipe->free_bytes()) length = out.pipe->free_bytes();
  if (length > piece_size) length = piece_size;
  auto* memory = static_cast<uint8_t*>(malloc(length));
  if (memory == nullptr) return Errno(ENOMEM);
  iovec piece = {memory, length};
  Attempt attempt(Errno(EBADF));
  if (in.description->is_plain_file()) {
    const ssize_t size =
        offset != nullptr ? pread(in.number, memory, length, *offset) : read(in.number, memory, length);
    attempt.moved = size < 0 ? Result<size_t>(Errno(errno)) : Result<size_t>(static_cast<size_t>(size));
  } else {
    ReceiveRequest request;
    request.buffers = {&piece, 1};
    request.size = length;
    request.flags |= MSG_DONTWAIT;
    attempt.moved = receive_blocking(*in.description, request);
    if (attempt.moved.error() == EAGAIN) {
      // The kernel's tcp_splice_read() and sock_read_iter() don't know the flag, nor what the pipe has.
      const Socket* socket = as<Socket>(in.description);
      const bool looks_at_pipe =
          socket != nullptr && socket->family() == Family::unix_domain && in.description->is_stream();
      const bool pipe_waits = !looks_at_pipe || (out.blocking && may_wait);
      attempt = Attempt::wait(in, events::readable, in.blocking && pipe_waits);
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
Attempt pipe_to_pipe(const End& in, const End& out, size_t length, unsigned flags, bool consumes) {
  if (in.pipe == out.pipe) return Errno(EINVAL);
  const bool blocking = in.blocking && out.blocking && (flags & SPLICE_F_NONBLOCK) == 0;
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
Errno check_offset(const End& end, const off_t* offset) {
  if (offset == nullptr) return success;
  if (end.pipe != nullptr) return ESPIPE;
  return accessible(offset) ? success : Errno(EFAULT);
}

// Of the end that isn't a pipe.
Errno check_place(const End& end, const off_t* offset) {
  if (offset == nullptr) return success;
  const bool has_places = end.description->is_plain_file() || end.description->is_device();
  return has_places && *offset >= 0 ? success : Errno(EINVAL);
}

int status_flags(const End& end) {
  return end.description->is_plain_file() ? fcntl(end.number, F_GETFL) : end.description->status_flags;
}

// In the order of the kernel's do_splice().
Errno check_ends(const End& in, const off_t* in_offset, const End& out, const off_t* out_offset, size_t length) {
  if (in.pipe != nullptr && in_offset != nullptr) return ESPIPE;
  Errno error = check_offset(out, out_offset);
  if (error.ok()) error = check_offset(in, in_offset);
  if (!error.ok()) return error;
  if (!can(in, O_RDONLY) || !can(out, O_WRONLY)) return EBADF;
  if (in.pipe == nullptr && out.pipe == nullptr) return EINVAL;
  error = in.pipe != nullptr ? check_place(out, out_offset) : check_place(in, in_offset);
  if (!error.ok()) return error;
  if (out.pipe == nullptr && (status_flags(out) & O_APPEND) != 0) return EINVAL;
  const bool pipes = in.pipe != nullptr && out.pipe != nullptr;
  return static_cast<ssize_t>(length) < 0 && !pipes ? EINVAL : success;
}

struct Transfer {
  int in, out;
  off_t *in_offset, *out_offset;  // of tee: null
  size_t length;
  unsigned flags;
  bool consumes;  // splice, else tee

  Attempt attempt(const End& from, const End& to) const {
    if (!from.is_open() || !to.is_open()) return Errno(EBADF);
    if (!consumes) {
      if (!can(from, O_RDONLY) || !can(to, O_WRONLY)) return Errno(EBADF);
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
    const bool moves = (from.pipe != nullptr ? to : from).description->is_plain_file();
    if (result.moved.ok() && offset != nullptr && moves) *offset += static_cast<off_t>(result.moved.value());
    return result;
  }
};

// What waits must not hold the other end meanwhile: a signal's handler may close either. So every attempt looks the numbers up
// again, as the kernel does when it restarts a call.
Result<size_t> transfer(Transfer what) {
  size_t done = 0;
  Deadline deadline;
  bool armed = false;
  for (;;) {
    fd::take_over_standard_input(what.in);
    fd::take_over_standard_input(what.out);
    const End from = end_of(what.in), to = end_of(what.out);
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
    const bool sends = attempt.waits() && to.pipe == nullptr && (attempt.wanted & events::writable) != 0;
    if (!attempt.waits() || (done != 0 && !sends)) return done != 0 ? Result<size_t>(done) : attempt.moved;
    if (!armed) {
      const Socket* socket = as<Socket>(attempt.awaited);
      const bool reads = (attempt.wanted & events::readable) != 0;
      deadline = socket == nullptr
                     ? Deadline{}
                     : deadline_after_us(reads ? socket->options.receive_timeout_us : socket->options.send_timeout_us);
      armed = true;
    }
    const Errno waited = wait_until_ready(*attempt.awaited, attempt.wanted, deadline);
    if (waited.ok() && sends) (void)attempt.awaited->ready(events::writable, true);  // takes in what has arrived
    if (waited.ok() || waited == EBADF) continue;
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
  if ((flags & ~known_flags) != 0) return report(EINVAL);
  return report<ssize_t>(transfer({in, out, in_offset, out_offset, length, flags, true}));
}

// tee(2): as splice() between two pipes, but the bytes stay in the first one. Errors: EBADF; EINVAL they aren't two pipes;
// EAGAIN; EPIPE; EDEADLK; ENOMEM.
ssize_t tee(int in, int out, size_t length, unsigned flags) {
  if ((flags & ~known_flags) != 0) return report(EINVAL);
  if (length == 0) return 0;
  return report<ssize_t>(transfer({in, out, nullptr, nullptr, length, flags, false}));
}

// vmsplice(2): writes the buffers into a pipe, or reads a pipe into them, whichever end `number` is. The memory stays the
// caller's: SPLICE_F_GIFT gives nothing away. Errors: EBADF not an end of a pipe; EINVAL; EFAULT; EAGAIN; EPIPE; ENOMEM.
ssize_t vmsplice(int number, const iovec* vector, size_t count, unsigned flags) {
  if ((flags & ~known_flags) != 0) return report(EINVAL);
  fd::take_over_standard_input(number);
  const End end = end_of(number);
  if (!end.is_open() || end.pipe == nullptr) return report(EBADF);
  const Result<size_t> size = check_buffers(vector, count > 1024 ? 1025 : static_cast<int>(count));
  if (!size.ok() || size.value() == 0) return report<ssize_t>(size);
  const int no_wait = (flags & SPLICE_F_NONBLOCK) != 0 ? MSG_DONTWAIT : 0;
  if (can(end, O_WRONLY)) {
    SendRequest request;
    request.buffers = {vector, static_cast<int>(count)};
    request.size = size.value();
    request.flags = no_wait;
    return report<ssize_t>(send_blocking(*end.description, request));
  }
  ReceiveRequest request;
  request.buffers = {vector, static_cast<int>(count)};
  request.size = size.value();
  request.flags = no_wait;
  return report<ssize_t>(receive_blocking(*end.description, request));
}
}
