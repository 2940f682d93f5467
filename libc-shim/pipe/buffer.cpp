// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is in a pipe. Rules of Linux's pipe_write and pipe_read: a write begins in the last page if the part of it that
// doesn't fill whole pages fits there; everything else begins a page. So a write of up to PIPE_BUF is taken whole or not.
#include <stdlib.h>
#include <string.h>

#include "pipe/pipe.h"
#include "support/memory.h"

namespace posix_sockets {

PipeBuffer* PipeBuffer::create() {
  void* place = malloc(sizeof(PipeBuffer));
  if (place == nullptr) return nullptr;
  auto* buffer = new (place) PipeBuffer;
  buffer->pages_ = static_cast<Page*>(malloc(default_pages * sizeof(Page)));
  buffer->capacity_ = default_pages;
  if (buffer->pages_ != nullptr) return buffer;
  free(buffer);
  return nullptr;
}

void PipeBuffer::open(Description* reader, Description* writer) {
  reader_ = reader;
  writer_ = writer;
}

void PipeBuffer::close_reader() {
  reader_ = nullptr;
  close_end();
}

void PipeBuffer::close_writer() {
  writer_ = nullptr;
  close_end();
}

void PipeBuffer::close_end() {
  Description* other = reader_ != nullptr ? reader_ : writer_;
  if (other != nullptr) {
    other->tell_change();
    return;
  }
  for (unsigned i = 0; i < used_; ++i) free(page(i).memory);
  free(pages_);
  free(spare_);
  free(this);
}

uint8_t* PipeBuffer::take_memory() {
  uint8_t* memory = spare_;
  spare_ = nullptr;
  return memory != nullptr ? memory : static_cast<uint8_t*>(malloc(page_size));
}

void PipeBuffer::give_memory(uint8_t* memory) {
  if (spare_ == nullptr) {
    spare_ = memory;
  } else {
    free(memory);
  }
}

size_t PipeBuffer::size() const {
  size_t total = 0;
  for (unsigned i = 0; i < used_; ++i) total += static_cast<size_t>(page(i).end - page(i).begin);
  return total;
}

Result<size_t> PipeBuffer::write(const Buffers& buffers, size_t size, bool in_packets) {
  Buffers rest = buffers;
  size_t done = 0;
  if (reader_ != nullptr) reader_->tell_input();
  const auto append = [&](Page& page, size_t part) {
    gather(rest, page.memory + page.end, part);
    page.end = static_cast<uint16_t>(page.end + part);
    rest.offset += part;
    done += part;
  };
  const size_t odd = size % page_size;
  if (odd != 0 && used_ != 0) {
    Page& last = page(used_ - 1);
    if (!last.is_packet && last.end + odd <= page_size) append(last, odd);
  }
  while (done < size) {
    if (full()) return done != 0 ? Result<size_t>(done) : Result<size_t>(Errno(EAGAIN));
    uint8_t* memory = take_memory();
    if (memory == nullptr) return done != 0 ? Result<size_t>(done) : Result<size_t>(Errno(ENOMEM));
    Page& fresh = page(used_++);
    fresh = {memory, 0, 0, in_packets};
    append(fresh, size - done < page_size ? size - done : page_size);
  }
  return done;
}

int PipeBuffer::view(iovec* pieces, int most, size_t size) const {
  int count = 0;
  for (unsigned i = 0; i < used_ && count < most && size != 0; ++i) {
    const Page& there = page(i);
    const auto length = static_cast<size_t>(there.end - there.begin);
    const size_t part = size < length ? size : length;
    pieces[count++] = {there.memory + there.begin, part};
    size -= part;
  }
  return count;
}

void PipeBuffer::consume(size_t size) {
  while (size != 0) {
    Page& first = pages_[first_];
    const auto there = static_cast<size_t>(first.end - first.begin);
    const size_t part = size < there ? size : there;
    first.begin = static_cast<uint16_t>(first.begin + part);
    size -= part;
    if (first.begin != first.end) break;
    give_memory(first.memory);
    if (full() && writer_ != nullptr) writer_->tell_room();
    first_ = (first_ + 1) % capacity_;
    --used_;
  }
}

size_t PipeBuffer::read(const Buffers& buffers, size_t size) {
  Buffers rest = buffers;
  size_t done = 0;
  while (done < size) {
    iovec piece;
    if (view(&piece, 1, size - done) == 0) break;
    scatter(rest, piece.iov_base, piece.iov_len);
    rest.offset += piece.iov_len;
    done += piece.iov_len;
    const Page& first = page(0);
    const bool is_packet = first.is_packet;
    // Of a packet, what didn't fit is lost.
    consume(is_packet ? static_cast<size_t>(first.end - first.begin) : piece.iov_len);
    if (is_packet) break;
  }
  return done;
}

Errno PipeBuffer::set_capacity(size_t bytes) {
  constexpr size_t most = 1048576;  // /proc/sys/fs/pipe-max-size
  if (bytes > size_t{1} << 31) return EINVAL;
  size_t rounded = page_size;
  while (rounded < bytes) rounded *= 2;
  const auto pages = static_cast<unsigned>(rounded / page_size);
  if (rounded > most && pages > capacity_) return EPERM;
  if (pages < used_) return EBUSY;
  auto* ring = static_cast<Page*>(malloc(pages * sizeof(Page)));
  if (ring == nullptr) return ENOMEM;
  for (unsigned i = 0; i < used_; ++i) ring[i] = page(i);
  free(pages_);
  pages_ = ring;
  capacity_ = pages;
  first_ = 0;
  if (writer_ != nullptr) writer_->tell_change();  // whoever waits is woken, whatever for
  return success;
}

}  // namespace posix_sockets
