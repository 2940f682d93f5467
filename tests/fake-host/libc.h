// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A small libc beneath the library: files with numbers of its own, given out lowest first, as wasi-libc does. Where
// wasi-libc calls its own public functions (writev calls write) this one calls the entry points, too.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace fake {

struct Libc {
  struct File {
    std::shared_ptr<std::string> content;
    size_t offset = 0;
    int flags = 0;
    bool directory = false;
  };
  std::map<int, File> open;                                   // by libc's number
  std::map<std::string, std::shared_ptr<std::string>> files;  // by path
  std::map<std::string, std::string> environment;
  int limit = 1024;
};

// 0, 1 and 2 are open, and 3, a preopened directory.
Libc& libc();
// Back to that. The library's table, if there is one already, gets them again.
void reset_libc();

// What a sleep of libc's own does. Whatever host the library is linked with defines it.
void pass_time(uint64_t nanoseconds);

// Thrown by the library's last call, _Exit.
struct Exited {
  int status;
};

}  // namespace fake
