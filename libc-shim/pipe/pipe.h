// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A pipe within the process, with the pages of Linux's: that decides how much fits, what is atomic and when there is room.
#pragma once

#include "description/description.h"

namespace posix_sockets {

// What the two ends share; it lives until both are closed.
class PipeBuffer {
 public:
  static constexpr size_t page_size = 4096;  // PIPE_BUF: writes of up to one page are atomic
  static constexpr unsigned default_pages = 16;

  // Null: no memory.
  static PipeBuffer* create();

  // The ends tell themselves, to hear of what the other does (Description::edges).
  void open(Description* reader, Description* writer);
  void close_reader();
  void close_writer();
  bool has_reader() const { return reader_ != nullptr; }
  bool has_writer() const { return writer_ != nullptr; }

  bool empty() const { return used_ == 0; }
  bool full() const { return used_ == capacity_; }
  size_t size() const;

  // Bytes taken; EAGAIN: no room; ENOMEM.
  Result<size_t> write(const Buffers& buffers, size_t size, bool in_packets);
  size_t read(const Buffers& buffers, size_t size);

  // Bytes that write() takes in any case.
  size_t free_bytes() const { return (capacity_ - used_) * page_size; }
  // The first bytes that are in it, at most `size`, as at most `most` pieces; how many pieces.
  int view(iovec* pieces, int most, size_t size) const;
  void consume(size_t size);  // of bytes that are in it

  size_t capacity() const { return capacity_ * page_size; }
  // EBUSY: what is in it needs more; EINVAL: no size; EPERM: more than an unprivileged process gets; ENOMEM.
  Errno set_capacity(size_t bytes);

 private:
  struct Page {
    uint8_t* memory;
    uint16_t begin;
    uint16_t end;
    bool is_packet;  // a read takes it alone and whole
  };

  PipeBuffer() = default;
  ~PipeBuffer() = default;
  void close_end();
  Page& page(unsigned index) const { return pages_[(first_ + index) % capacity_]; }
  uint8_t* take_memory();
  void give_memory(uint8_t* memory);

  Page* pages_ = nullptr;     // a ring
  uint8_t* spare_ = nullptr;  // one page's memory is kept for the next write
  unsigned capacity_ = 0;     // pages
  unsigned first_ = 0;
  unsigned used_ = 0;
  Description* reader_ = nullptr;
  Description* writer_ = nullptr;
};

// What the two kinds of ends have in common.
class PipeEnd : public Description {
 public:
  static constexpr Kinds kinds = posix_sockets::kinds::pipes;

  PipeBuffer& buffer() const { return *buffer_; }
  Result<int> readable_bytes() final;
  Errno stat(struct stat& out) final;
  Result<int> set_pipe_capacity(size_t bytes) final;

 protected:
  PipeEnd(Kind kind, PipeBuffer* buffer) : Description(kind), buffer_(buffer) {}
  ~PipeEnd() = default;

  PipeBuffer* buffer_;
};

// What the pipe whose end it is holds; null: it isn't a pipe's end.
inline PipeBuffer* pipe_of(Description* description) {
  const PipeEnd* end = as<PipeEnd>(description);
  return end != nullptr ? &end->buffer() : nullptr;
}

class PipeReader final : public PipeEnd {
 public:
  explicit PipeReader(PipeBuffer* buffer) : PipeEnd(Kind::pipe_reader, buffer) {}

  void release() override;
  Result<size_t> receive(ReceiveRequest& request) override;
  Events ready(Events wanted, bool probe) override;
};

class PipeWriter final : public PipeEnd {
 public:
  explicit PipeWriter(PipeBuffer* buffer) : PipeEnd(Kind::pipe_writer, buffer) {}

  void release() override;
  Result<size_t> send(SendRequest& request) override;
  Events ready(Events wanted, bool probe) override;
  int64_t room() override { return static_cast<int64_t>(buffer_->capacity() - buffer_->size()); }
};

struct PipeEnds {
  PipeReader* reader;
  PipeWriter* writer;
};

// A new pipe, each end with one reference. ENOMEM.
Result<PipeEnds> create_pipe();

}  // namespace posix_sockets
