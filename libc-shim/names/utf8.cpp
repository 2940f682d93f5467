// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/utf8.h"

#include <stdint.h>

namespace posix_sockets {

bool is_utf8(const char* text, size_t length) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(text);
  for (size_t i = 0; i < length;) {
    const uint8_t lead = bytes[i++];
    if (lead < 0x80) continue;
    const int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    if (lead < 0xc2 || lead > 0xf4) return false;
    uint32_t value = lead & (0x3f >> more);
    for (int left = more; left > 0; --left, ++i) {
      if (i == length || (bytes[i] & 0xc0) != 0x80) return false;
      value = value << 6 | (bytes[i] & 0x3f);
    }
    constexpr uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    if (value < least[more] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return false;
  }
  return true;
}

}  // namespace posix_sockets
