// Lines of a colon-separated database such as /etc/passwd.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <stddef.h>
#include <stdio.h>

namespace posix_sockets::compat {

enum class Line { read, end, too_long };

// Reads one line without its newline; a longer one is skipped whole.
Line read_line(FILE* file, char* buffer, size_t size);

// Cuts a line at a separator into exactly `count` fields; false if it has fewer.
bool split(char* line, char separator, char** fields, size_t count);

// A number of digits alone; false if it isn't one.
bool parse_id(const char* text, unsigned* id);

}  // namespace posix_sockets::compat
