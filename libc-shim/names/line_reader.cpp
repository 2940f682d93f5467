// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/line_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

namespace posix_sockets {

LineReader::~LineReader() {
  restart();
  if (buffer_ != inline_buffer_) free(buffer_);
}

void LineReader::restart() {
  if (file_ >= 0) close(file_);
  file_ = -1;
  text_ = nullptr;
  begin_ = end_ = 1;
  filled_ = false;
  skipping_ = false;
  out_of_memory_ = false;
}

bool LineReader::open(const char* path) {
  restart();
  // That a file isn't there is no error of anyone's.
  const int error = errno;
  file_ = ::open(path, O_RDONLY | O_CLOEXEC);
  no_descriptor_ = file_ < 0 && errno == EMFILE;
  if (!no_descriptor_) errno = error;
  return file_ >= 0;
}

void LineReader::open_text(const char* text) {
  restart();
  text_ = text;
}

const char* LineReader::next() {
  while (take_line()) {
    const char* words = split_line();
    if (*words != '\0') return words;
  }
  return nullptr;
}

const char* LineReader::next_line() {
  if (!take_line()) return nullptr;
  buffer_[line_end_] = '\0';
  return buffer_ + line_;
}

bool LineReader::take_line() {
  for (;;) {
    const auto* newline = static_cast<const char*>(memchr(buffer_ + begin_, '\n', end_ - begin_));
    line_ = begin_;
    if (newline != nullptr) {
      line_end_ = static_cast<size_t>(newline - buffer_);
      begin_ = line_end_ + 1;
      if (!skipping_) return true;
      skipping_ = false;
    } else if (!fill()) {
      // The last line may lack its newline.
      line_ = begin_;
      line_end_ = begin_ = end_;
      return line_ != line_end_ && !skipping_ && !out_of_memory_;
    }
  }
}

// Reads more behind what is there. False at the end.
bool LineReader::fill() {
  memmove(buffer_ + 1, buffer_ + begin_, end_ - begin_);
  end_ -= begin_ - 1;
  begin_ = 1;
  const bool full = end_ + 1 == capacity_;
  // Each read of a large file costs a call of the host.
  const bool small = filled_ && capacity_ < large_file;
  if (full && capacity_ >= longest_line) {
    skipping_ = true;
    end_ = begin_;
  } else if ((full || small) && !grow(small ? large_file : capacity_ * 2)) {
    out_of_memory_ = true;
    return false;
  }
  const size_t room = capacity_ - 1 - end_;
  size_t count;
  if (text_ != nullptr) {
    count = strnlen(text_, room);
    memcpy(buffer_ + end_, text_, count);
    text_ += count;
  } else {
    ssize_t result;
    do {
      result = read(file_, buffer_ + end_, room);
    } while (result < 0 && errno == EINTR);
    // A failing file ends, as there is nobody to tell.
    count = result > 0 ? static_cast<size_t>(result) : 0;
  }
  end_ += count;
  filled_ = file_ >= 0 && count == room;
  return count != 0;
}

bool LineReader::grow(size_t capacity) {
  auto* buffer = static_cast<char*>(malloc(capacity));
  if (buffer == nullptr) return false;
  memcpy(buffer, buffer_, end_);
  if (buffer_ != inline_buffer_) free(buffer_);
  buffer_ = buffer;
  capacity_ = capacity;
  return true;
}

// Cuts the line into words in place. The words with their ends and the end of the list can take one byte more than the
// line does, so they start one byte before it.
const char* LineReader::split_line() {
  const char* from = buffer_ + line_;
  const char* const end = buffer_ + line_end_;
  char* to = buffer_ + line_ - 1;
  char* const words = to;
  while (from < end && *from != '#' && *from != '\0') {
    if (*from == ' ' || (*from >= '\t' && *from <= '\r')) {
      ++from;
      continue;
    }
    while (from < end && *from != '#' && *from != '\0' && *from != ' ' && !(*from >= '\t' && *from <= '\r'))
      *to++ = *from++;
    *to++ = '\0';
  }
  *to = '\0';
  return words;
}

}  // namespace posix_sockets
