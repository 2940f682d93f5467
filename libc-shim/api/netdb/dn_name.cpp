// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// dn_expand, dn_comp, dn_skipname, ns_name_uncompress: names in DNS messages (RFC 1035 sections 3.1 and 4.1.4). Messages come
// from strangers: nothing in them is trusted.
#include <errno.h>
#include <resolv.h>
#include <string.h>

namespace {

constexpr size_t longest_wire_name = 255;

// Text as it grows, with room for a NUL behind it.
struct Text {
  char* at;
  size_t room;
  bool add(char c) {
    if (room < 2) return false;
    *at++ = c;
    --room;
    return true;
  }
};

bool is_special(uint8_t c) { return strchr("\".;\\()@$", c) != nullptr; }

// One byte of a label, escaped as in zone files where it must be.
bool add_escaped(uint8_t c, Text& text) {
  if (c == 0 || c <= ' ' || c > '~')
    return text.add('\\') && text.add(static_cast<char>('0' + c / 100)) &&
           text.add(static_cast<char>('0' + c / 10 % 10)) && text.add(static_cast<char>('0' + c % 10));
  return (!is_special(c) || text.add('\\')) && text.add(static_cast<char>(c));
}

// The label that begins at `label` with its length, and a dot in front unless it is the first. False: no room.
bool add_label(const uint8_t* label, bool first, Text& text) {
  if (!first && !text.add('.')) return false;
  for (int i = 1; i <= *label; ++i)
    if (!add_escaped(label[i], text)) return false;
  return true;
}

int too_long() {
  errno = EMSGSIZE;
  return -1;
}

// How many bytes the name takes where it stands; -1: it's none, or has no place.
int expand(const uint8_t* message, const uint8_t* end, const uint8_t* name, char* out, size_t size) {
  Text text = {out, size};
  const uint8_t* at = name;
  int taken = 0;
  bool jumped = false;
  size_t wire_size = 1;
  size_t jumps = 0;
  for (;;) {
    if (at < message || at >= end) return too_long();
    const uint8_t length = *at;
    if ((length & NS_CMPRSFLGS) == NS_CMPRSFLGS) {
      if (end - at < 2 || ++jumps > longest_wire_name) return too_long();
      if (!jumped) taken = static_cast<int>(at + 2 - name);
      jumped = true;
      at = message + ((length & 0x3f) << 8 | at[1]);
      continue;
    }
    if (length == 0) break;
    wire_size += 1u + length;
    if (length > NS_MAXLABEL || length >= end - at || wire_size > longest_wire_name) return too_long();
    if (!add_label(at, text.at == out, text)) return too_long();
    at += 1 + length;
  }
  if (text.room < (text.at == out ? 2U : 1U)) return too_long();  // the root has a dot in mind
  *text.at = '\0';
  return jumped ? taken : static_cast<int>(at + 1 - name);
}

struct WireName {
  uint8_t bytes[longest_wire_name];
  size_t size = 0;
};

// One byte of a name as text, with its escape; false: nothing follows the backslash, or too large a number.
bool read_byte(const char*& text, uint8_t& byte) {
  if (*text != '\\') {
    byte = static_cast<uint8_t>(*text++);
    return true;
  }
  ++text;
  if (*text < '0' || *text > '9') {
    if (*text == '\0') return false;
    byte = static_cast<uint8_t>(*text++);
    return true;
  }
  int value = 0;
  for (int i = 0; i < 3; ++i, ++text) {
    if (*text < '0' || *text > '9') return false;
    value = value * 10 + (*text - '0');
  }
  byte = static_cast<uint8_t>(value);
  return value < 256;
}

bool to_wire(const char* text, WireName& name) {
  if (text[0] == '.' && text[1] == '\0') ++text;
  while (*text != '\0') {
    const size_t length_at = name.size++;
    while (*text != '\0' && *text != '.') {
      uint8_t byte;
      if (!read_byte(text, byte) || name.size + 1 >= longest_wire_name) return false;
      name.bytes[name.size++] = byte;
    }
    const size_t length = name.size - length_at - 1;
    if (length == 0 || length > NS_MAXLABEL || name.size >= longest_wire_name) return false;
    name.bytes[length_at] = static_cast<uint8_t>(length);
    if (*text == '.') ++text;
  }
  name.bytes[name.size++] = 0;
  return true;
}

uint8_t lower(uint8_t c) { return c >= 'A' && c <= 'Z' ? static_cast<uint8_t>(c + 32) : c; }

// Whether the name at `at` in the message, which the program wrote itself, is `wire`.
bool is_at(const uint8_t* message, const uint8_t* at, const uint8_t* wire) {
  for (int labels = 0; labels < 128;) {
    const uint8_t length = *at;
    if ((length & NS_CMPRSFLGS) == NS_CMPRSFLGS) {
      const uint8_t* target = message + ((length & 0x3f) << 8 | at[1]);
      if (target >= at) return false;
      at = target;
      continue;
    }
    if (length != *wire) return false;
    if (length == 0) return true;
    for (int i = 1; i <= length; ++i)
      if (lower(at[i]) != lower(wire[i])) return false;
    at += 1 + length;
    wire += 1 + length;
    ++labels;
  }
  return false;
}

// The place of `wire`, or of the end of one of the names in the list; null: it isn't there. A pointer has 14 bits.
const uint8_t* find(uint8_t** names, uint8_t** last, const uint8_t* wire) {
  if (names == nullptr || names[0] == nullptr) return nullptr;
  const uint8_t* message = names[0];
  for (uint8_t** name = names + 1; *name != nullptr && (last == nullptr || name < last); ++name) {
    for (const uint8_t* at = *name; *at != 0 && (*at & NS_CMPRSFLGS) == 0; at += 1 + *at)
      if (at - message < 0x4000 && is_at(message, at, wire)) return at;
  }
  return nullptr;
}

}  // namespace

extern "C" {

// Writes the name at `name` in the message between `message` and `end` as text, NUL-terminated, with what isn't plain in it
// escaped, to `out` of `size` bytes. The number of bytes of the name where it stands; -1 with EMSGSIZE: it's malformed, or
// doesn't fit. The root is ".". Source: RFC 1035 section 4.1.4; as BIND's library has it.
__attribute__((weak)) int ns_name_uncompress(const unsigned char* message, const unsigned char* end,
                                             const unsigned char* name, char* out, size_t size) {
  const int taken = expand(message, end, name, out, size);
  if (taken < 0 || *out != '\0') return taken;
  out[0] = '.';
  out[1] = '\0';
  return taken;
}

// The same, but that the root is "". Source: resolver(3).
__attribute__((weak)) int dn_expand(const unsigned char* message, const unsigned char* end, const unsigned char* name,
                                    char* out, int size) {
  return expand(message, end, name, out, size > 0 ? static_cast<size_t>(size) : 0);
}

// How many bytes the name at `name` takes; -1 with EMSGSIZE: it doesn't end before `end`. Source: resolver(3).
__attribute__((weak)) int dn_skipname(const unsigned char* name, const unsigned char* end) {
  for (const unsigned char* at = name; at < end; at += 1 + *at) {
    if (*at == 0) return static_cast<int>(at + 1 - name);
    if ((*at & NS_CMPRSFLGS) == NS_CMPRSFLGS) return end - at >= 2 ? static_cast<int>(at + 2 - name) : too_long();
    if (*at > NS_MAXLABEL) break;
  }
  return too_long();
}

// Writes a name in text as DNS has it to `out` of `size` bytes. `names`, unless null: the message's begin, then the names that
// stand in it already, then null; the end of the new name is a pointer to one of them where it can be, and if `last` isn't null
// the new name is added to the list, which ends before it. The number of bytes written; -1 with EMSGSIZE: it's no name, or
// doesn't fit. Source: resolver(3).
__attribute__((weak)) int dn_comp(const char* text, unsigned char* out, int size, unsigned char** names,
                                  unsigned char** last) {
  WireName name;
  if (!to_wire(text, name) || size <= 0) return too_long();
  const auto room = static_cast<size_t>(size);
  size_t used = 0;
  for (const uint8_t* label = name.bytes; *label != 0; label += 1 + *label) {
    if (const uint8_t* place = find(names, last, label)) {
      if (room - used < 2) return too_long();
      const auto offset = static_cast<unsigned>(place - names[0]);
      out[used++] = static_cast<uint8_t>(NS_CMPRSFLGS | offset >> 8);
      out[used++] = static_cast<uint8_t>(offset);
      break;
    }
    if (room - used <= 1u + *label) return too_long();
    memcpy(out + used, label, 1u + *label);
    used += 1u + *label;
    if (label[1 + *label] == 0) out[used++] = 0;
  }
  if (*name.bytes == 0) {
    out[used++] = 0;
  } else if (names != nullptr && names[0] != nullptr && last != nullptr && (*out & NS_CMPRSFLGS) == 0) {
    unsigned char** end = names + 1;
    while (*end != nullptr) ++end;
    if (end < last - 1) {
      end[0] = out;
      end[1] = nullptr;
    }
  }
  return static_cast<int>(used);
}

}  // extern "C"
