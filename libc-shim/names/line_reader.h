// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Lines of the small databases under /etc, cut into words. Reads through plain open and read: stdio would cost more
// code than all of these databases.
#pragma once

#include <stddef.h>

namespace posix_sockets {

// A list of words is a run of strings that an empty string ends.
inline const char* next_word(const char* word) {
  while (*word != '\0') ++word;
  return word + 1;
}

class LineReader {
 public:
  LineReader() = default;
  ~LineReader();
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  // Starts with the file's first line. False: it isn't there, or the guest wasn't granted it; or no descriptor was free for
  // it, with errno EMFILE.
  bool open(const char* path);
  bool no_descriptor() const { return no_descriptor_; }
  // The same with a text of the program's own, which must outlive the reader.
  void open_text(const char* text);

  // The words of the next line that has any, without comments; null at the end. They live until the next call.
  const char* next();
  // The next line as it stands, without its newline and what follows a NUL; null at the end. It lives until the next call.
  const char* next_line();
  // Whether the end came from a lack of memory.
  bool out_of_memory() const { return out_of_memory_; }

 private:
  static constexpr size_t longest_line = 1 << 22;
  static constexpr size_t large_file = 32768;

  void restart();
  bool take_line();
  bool fill();
  bool grow(size_t capacity);
  const char* split_line();

  int file_ = -1;
  const char* text_ = nullptr;
  char inline_buffer_[512];
  char* buffer_ = inline_buffer_;
  size_t capacity_ = sizeof inline_buffer_;
  // What was read and not yet taken. A byte before it is always free, see split_line(), and one after it, see next_line().
  size_t begin_ = 1;
  size_t end_ = 1;
  size_t line_ = 1;
  size_t line_end_ = 1;
  bool filled_ = false;    // by the last read: it's a large file
  bool skipping_ = false;  // within a line that is too long to be one
  bool out_of_memory_ = false;
  bool no_descriptor_ = false;
};

}  // namespace posix_sockets
