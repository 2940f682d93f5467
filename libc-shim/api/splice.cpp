// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// splice, tee, vmsplice: between a pipe and anything else. A pipe lives in the guest, so bytes are copied; what the host
// could splice by itself (output-stream.splice) has no pipe between.
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/transfer.h"
#include "kinds/device.h"
#include "kinds/libc.h"
#include "kinds/pipe.h"

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
  end.pipe = end.description->pipe();
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
  return !end.description->is_plain_file() || !from || !is_directory(end.description->libc_descriptor());
}

Errno wait_for_room(const End& out, bool blocking) {
  for (;;) {
    if (!out.pipe->has_reader()) return EPIPE;
    if (!out.pipe->full()) return success;
    if (!blocking) return EAGAIN;
    const Errno waited = wait_until_ready(*out.description, events::writable, Deadline{});
    if (!waited.ok()) return waited;
  }
}

// False: nothing is there, and no more will come.
Result<bool> wait_for_bytes(const End& in, bool blocking) {
  for (;;) {
    if (!in.pipe->empty()) return true;
    if (!in.pipe->has_writer()) return false;
    if (!blocking) return Errno(EAGAIN);
    const Errno waited = wait_until_ready(*in.description, events::readable, Deadline{});
    if (!waited.ok()) return waited;
  }
}

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

Result<size_t> from_pipe(const End& in, const End& out, const off_t* offset, size_t length, unsigned flags) {
  if (!can_be_spliced(out, false)) return Errno(EINVAL);
  const Result<bool> there = wait_for_bytes(in, in.blocking && (flags & SPLICE_F_NONBLOCK) == 0);
  if (!there.ok()) return there.error();
  if (!there.value()) return size_t{0};
  size_t done = 0;
  while (done < length && !in.pipe->empty()) {
    const View view(*in.pipe, length - done);
    Result<size_t> moved = Errno(EBADF);
    if (out.description->is_plain_file()) {
      const ssize_t written = offset != nullptr
                                  ? pwritev(out.number, view.pieces, view.count, *offset + static_cast<off_t>(done))
                                  : writev(out.number, view.pieces, view.count);
      moved = written < 0 ? Result<size_t>(Errno(errno)) : Result<size_t>(static_cast<size_t>(written));
    } else {
      SendRequest request;
      request.buffers = {view.pieces, view.count};
      request.size = view.size;
      if ((flags & SPLICE_F_NONBLOCK) != 0) request.flags |= MSG_DONTWAIT;
      if ((flags & SPLICE_F_MORE) != 0) request.flags |= MSG_MORE;
      moved = send_blocking(*out.description, request);
    }
    if (!moved.ok()) return done != 0 ? Result<size_t>(done) : moved;
    in.pipe->consume(moved.value());
    done += moved.value();
    if (moved.value() < view.size) break;
  }
  return done;
}

Result<size_t> to_pipe(const End& in, const End& out, const off_t* offset, size_t length, unsigned flags) {
  const bool blocking = out.blocking && (flags & SPLICE_F_NONBLOCK) == 0;
  const Errno room = wait_for_room(out, blocking);
  if (!room.ok()) return room;
  if (!can_be_spliced(in, true)) return Errno(EINVAL);
  constexpr size_t piece_size = 65536;
  if (length > out.pipe->free_bytes()) length = out.pipe->free_bytes();
  if (length > piece_size) length = piece_size;
  auto* memory = static_cast<uint8_t*>(malloc(length));
  if (memory == nullptr) return Errno(ENOMEM);
  iovec piece = {memory, length};
  Result<size_t> got = Errno(EBADF);
  if (in.description->is_plain_file()) {
    const ssize_t size =
        offset != nullptr ? pread(in.number, memory, length, *offset) : read(in.number, memory, length);
    got = size < 0 ? Result<size_t>(Errno(errno)) : Result<size_t>(static_cast<size_t>(size));
  } else {
    ReceiveRequest request;
    request.buffers = {&piece, 1};
    request.size = length;
    if ((flags & SPLICE_F_NONBLOCK) != 0) request.flags |= MSG_DONTWAIT;
    got = receive_blocking(*in.description, request);
  }
  if (got.ok() && got.value() != 0) {
    piece.iov_len = got.value();
    got = out.pipe->write({&piece, 1}, got.value(), false);
  }
  free(memory);
  return got;
}

// Between two pipes; `consumes`: splice, else tee.
Result<size_t> pipe_to_pipe(const End& in, const End& out, size_t length, unsigned flags, bool consumes) {
  if (in.pipe == out.pipe) return Errno(EINVAL);
  const bool blocking = in.blocking && out.blocking && (flags & SPLICE_F_NONBLOCK) == 0;
  const Result<bool> there = wait_for_bytes(in, blocking);
  if (!there.ok()) return there.error();
  if (!there.value()) return out.pipe->has_reader() ? Result<size_t>(size_t{0}) : Result<size_t>(Errno(EPIPE));
  const Errno room = wait_for_room(out, blocking);
  if (!room.ok()) return room;
  if (length > out.pipe->free_bytes()) length = out.pipe->free_bytes();
  size_t done = 0;
  do {
    const View view(*in.pipe, length - done);
    const Result<size_t> moved = out.pipe->write({view.pieces, view.count}, view.size, false);
    if (!moved.ok()) return done != 0 ? Result<size_t>(done) : moved;
    if (consumes) in.pipe->consume(moved.value());
    done += moved.value();
  } while (consumes && done < length && !in.pipe->empty());
  return done;
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

Result<size_t> splice_ends(const End& in, off_t* in_offset, const End& out, off_t* out_offset, size_t length,
                           unsigned flags) {
  const Errno error = check_ends(in, in_offset, out, out_offset, length);
  if (!error.ok()) return error;
  if (in.pipe != nullptr && out.pipe != nullptr) return pipe_to_pipe(in, out, length, flags, true);
  off_t* const offset = in.pipe != nullptr ? out_offset : in_offset;
  const Result<size_t> moved =
      in.pipe != nullptr ? from_pipe(in, out, offset, length, flags) : to_pipe(in, out, offset, length, flags);
  // A device has no place.
  const bool moves = (in.pipe != nullptr ? out : in).description->is_plain_file();
  if (moved.ok() && offset != nullptr && moves) *offset += static_cast<off_t>(moved.value());
  return moved;
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
  fd::take_over_standard_input(in);
  fd::take_over_standard_input(out);
  const End from = end_of(in), to = end_of(out);
  if (!from.is_open() || !to.is_open()) return report(EBADF);
  return report<ssize_t>(splice_ends(from, in_offset, to, out_offset, length, flags));
}

// tee(2): as splice() between two pipes, but the bytes stay in the first one. Errors: EBADF; EINVAL they aren't two pipes;
// EAGAIN; EPIPE; EDEADLK; ENOMEM.
ssize_t tee(int in, int out, size_t length, unsigned flags) {
  if ((flags & ~known_flags) != 0) return report(EINVAL);
  if (length == 0) return 0;
  fd::take_over_standard_input(in);
  fd::take_over_standard_input(out);
  const End from = end_of(in), to = end_of(out);
  if (!from.is_open() || !to.is_open()) return report(EBADF);
  if (!can(from, O_RDONLY) || !can(to, O_WRONLY)) return report(EBADF);
  if (from.pipe == nullptr || to.pipe == nullptr) return report(EINVAL);
  return report<ssize_t>(pipe_to_pipe(from, to, length, flags, false));
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
