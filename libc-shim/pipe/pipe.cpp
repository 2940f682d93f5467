// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The two ends of a pipe.
#include "pipe/pipe.h"

#include <fcntl.h>
#include <string.h>

#include "support/memory.h"

namespace posix_sockets {
Result<int> PipeEnd::readable_bytes() { return static_cast<int>(buffer_->size()); }

Errno PipeEnd::stat(struct stat& out) {
  memset(&out, 0, sizeof out);
  out.st_mode = S_IFIFO | 0600;
  out.st_nlink = 1;
  out.st_blksize = PipeBuffer::page_size;
  out.st_ino = reinterpret_cast<uintptr_t>(buffer_);  // the same for both ends
  return success;
}

Result<int> PipeEnd::set_pipe_capacity(size_t bytes) {
  const Errno error = buffer_->set_capacity(bytes);
  return error.ok() ? Result<int>(static_cast<int>(buffer_->capacity())) : Result<int>(error);
}

void PipeReader::release() {
  buffer_->close_reader();
  destroy(this);
}

Result<size_t> PipeReader::receive(ReceiveRequest& request) {
  if (request.size == 0) return size_t{0};
  if (!buffer_->empty()) return buffer_->read(request.buffers, request.size);
  return buffer_->has_writer() ? Result<size_t>(Errno(EAGAIN)) : Result<size_t>(size_t{0});
}

Events PipeReader::ready(Events wanted, bool) {
  Events now = 0;
  if (!buffer_->empty()) now |= events::readable;
  if (!buffer_->has_writer()) now |= events::hang_up;
  return now & (wanted | events::hang_up);
}

void PipeWriter::release() {
  buffer_->close_writer();
  destroy(this);
}

Result<size_t> PipeWriter::send(SendRequest& request) {
  if (request.size == 0) return size_t{0};
  if (!buffer_->has_reader()) return Errno(EPIPE);
  return buffer_->write(request.buffers, request.size, (status_flags & O_DIRECT) != 0);
}

Events PipeWriter::ready(Events wanted, bool) {
  Events now = 0;
  if (!buffer_->full()) now |= events::writable;
  if (!buffer_->has_reader()) now |= events::error;
  return now & (wanted | events::error);
}

Result<PipeEnds> create_pipe() {
  PipeBuffer* buffer = PipeBuffer::create();
  if (buffer == nullptr) return Errno(ENOMEM);
  auto* reader = create<PipeReader>(buffer);
  auto* writer = create<PipeWriter>(buffer);
  buffer->open(reader, writer);
  if (reader != nullptr && writer != nullptr) return PipeEnds{reader, writer};
  buffer->open(nullptr, nullptr);
  buffer->close_reader();
  destroy(reader);
  destroy(writer);
  return Errno(ENOMEM);
}

}  // namespace posix_sockets
