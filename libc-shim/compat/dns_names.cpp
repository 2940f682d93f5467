// Domain names in DNS messages (RFC 1035, 4.1.4): from text and to it. Messages come from strangers.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <ctype.h>
#include <resolv.h>
#include <string.h>
#include <strings.h>

#include "fail.h"

using posix_sockets::compat::fail;

namespace {

constexpr unsigned pointer_mark = 0xc0;
constexpr size_t most_bytes = 255;  // of a name in a message

// Writes text into a buffer, as long as it fits.
struct Text {
  char* next;
  char* end;
  bool fits = true;

  void add(char letter) {
    if (next < end)
      *next++ = letter;
    else
      fits = false;
  }
  void add_escaped(unsigned char letter) {
    if (strchr(".;\\@$()\"", letter) != nullptr && letter != 0) {
      add('\\');
      add(static_cast<char>(letter));
    } else if (letter > 0x20 && letter < 0x7f) {
      add(static_cast<char>(letter));
    } else {
      add('\\');
      for (int divisor = 100; divisor != 0; divisor /= 10) add(static_cast<char>('0' + letter / divisor % 10));
    }
  }
};

// The bytes of a name given as text, without compression; 0: not a name.
size_t encode(const char* text, unsigned char* bytes) {
  size_t used = 0;
  while (*text != '\0') {
    if (text[0] == '.' && text[1] == '\0' && used == 0) break;  // the root
    const size_t start = used++;
    while (*text != '\0' && *text != '.') {
      auto letter = static_cast<unsigned char>(*text++);
      if (letter == '\\') {
        letter = static_cast<unsigned char>(*text++);
        if (letter == '\0') return 0;
        if (isdigit(letter) != 0) {
          if (isdigit(static_cast<unsigned char>(text[0])) == 0 || isdigit(static_cast<unsigned char>(text[1])) == 0)
            return 0;
          const int value = (letter - '0') * 100 + (text[0] - '0') * 10 + text[1] - '0';
          if (value > 255) return 0;
          letter = static_cast<unsigned char>(value);
          text += 2;
        }
      }
      if (used + 1 >= most_bytes || used - start > 63) return 0;
      bytes[used++] = letter;
    }
    const size_t length = used - start - 1;
    if (length == 0) return 0;
    bytes[start] = static_cast<unsigned char>(length);
    if (*text == '.') ++text;
  }
  bytes[used++] = 0;
  return used;
}

// Whether the name at `at` in a message is `wanted`, which isn't compressed.
bool same_name(const unsigned char* message, const unsigned char* at, const unsigned char* wanted) {
  for (int jumps = 0; jumps < 128;) {
    if ((*at & pointer_mark) == pointer_mark) {
      at = message + ((at[0] & 0x3f) << 8 | at[1]);
      ++jumps;
      continue;
    }
    if (*at != *wanted) return false;
    if (*at == 0) return true;
    if (strncasecmp(reinterpret_cast<const char*>(at) + 1, reinterpret_cast<const char*>(wanted) + 1, *at) != 0)
      return false;
    wanted += *at + 1;
    at += *at + 1;
  }
  return false;
}

// Where in the names that the message has `wanted` or the end of one is; null: nowhere that a pointer reaches.
const unsigned char* find(unsigned char* const* names, const unsigned char* wanted) {
  const unsigned char* message = names[0];
  for (++names; *names != nullptr; ++names)
    for (const unsigned char* at = *names; *at != 0 && (*at & pointer_mark) == 0; at += *at + 1)
      if (at - message < 0x4000 && same_name(message, at, wanted)) return at;
  return nullptr;
}

}  // namespace

extern "C" {

// Returns how many bytes the name takes at `source`. EMSGSIZE: it isn't whole, it runs in circles, or no room for it.
int ns_name_uncompress(const unsigned char* message, const unsigned char* end, const unsigned char* source, char* text,
                       size_t size) {
  Text out = {text, text + size};
  int taken = -1;
  size_t bytes = 1;
  bool empty = true;
  const unsigned char* at = source;
  for (;;) {
    if (at < message || at >= end) return fail(EMSGSIZE);
    const unsigned length = *at++;
    if (length == 0) break;
    if ((length & pointer_mark) == pointer_mark) {
      if (at >= end) return fail(EMSGSIZE);
      if (taken < 0) taken = static_cast<int>(at + 1 - source);
      const unsigned char* to = message + ((length & 0x3f) << 8 | *at);
      if (to >= at - 1) return fail(EMSGSIZE);  // names point back
      at = to;
      continue;
    }
    bytes += length + 1;
    if ((length & pointer_mark) != 0 || bytes > most_bytes || static_cast<size_t>(end - at) < length)
      return fail(EMSGSIZE);
    if (!empty) out.add('.');
    empty = false;
    for (unsigned i = 0; i < length; ++i) out.add_escaped(*at++);
  }
  if (empty) out.add('.');
  out.add('\0');
  if (!out.fits) return fail(EMSGSIZE);
  return taken >= 0 ? taken : static_cast<int>(at - source);
}

// As ns_name_uncompress, with the root as no text.
int dn_expand(const unsigned char* message, const unsigned char* end, const unsigned char* source, char* text,
              int size) {
  const int taken =
      size < 0 ? fail(EMSGSIZE) : ns_name_uncompress(message, end, source, text, static_cast<size_t>(size));
  if (taken > 0 && text[0] == '.') text[0] = '\0';
  return taken;
}

// Returns how many bytes the name takes. EMSGSIZE: it isn't whole.
int dn_skipname(const unsigned char* source, const unsigned char* end) {
  for (const unsigned char* at = source; at < end;) {
    const unsigned length = *at++;
    if (length == 0) return static_cast<int>(at - source);
    if ((length & pointer_mark) == pointer_mark) {
      if (at >= end) break;
      return static_cast<int>(at + 1 - source);
    }
    if ((length & pointer_mark) != 0) break;
    at += length;
  }
  return fail(EMSGSIZE);
}

// Writes a name; its end becomes a pointer to the same in `names`: the message's start, names in it, null. The name is
// added there if it has room up to `names_end`. Returns its bytes. EMSGSIZE: not a name, or no room.
int dn_comp(const char* text, unsigned char* out, int size, unsigned char** names, unsigned char** names_end) {
  unsigned char name[most_bytes + 1];
  const size_t length = encode(text, name);
  if (length == 0 || size <= 0) return fail(EMSGSIZE);
  size_t used = 0;
  const unsigned char* known = nullptr;
  if (names != nullptr && *names != nullptr) {
    while (name[used] != 0 && (known = find(names, name + used)) == nullptr) used += name[used] + 1U;
  } else {
    used = length - 1;
  }
  const size_t needed = used + (known != nullptr ? 2 : 1);
  if (needed > static_cast<size_t>(size)) return fail(EMSGSIZE);
  memcpy(out, name, used);
  if (known != nullptr) {
    const auto offset = static_cast<unsigned>(known - names[0]);
    out[used] = static_cast<unsigned char>(pointer_mark | offset >> 8);
    out[used + 1] = static_cast<unsigned char>(offset);
  } else {
    out[used] = 0;
  }
  if (used != 0 && names != nullptr && *names != nullptr && names_end != nullptr) {
    unsigned char** free = names;
    while (*free != nullptr) ++free;
    if (free < names_end - 1 && out - names[0] < 0x4000) {
      free[0] = out;
      free[1] = nullptr;
    }
  }
  return static_cast<int>(needed);
}

}  // extern "C"
