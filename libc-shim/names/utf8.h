// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <stddef.h>

namespace posix_sockets {

// Whether these bytes are well-formed UTF-8 (RFC 3629): nothing overlong, no surrogates, nothing above U+10FFFF.
bool is_utf8(const char* text, size_t length);

}  // namespace posix_sockets
