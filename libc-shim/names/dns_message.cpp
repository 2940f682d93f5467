// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/dns_message.h"

#include <string.h>

#include "names/numeric.h"

namespace posix_sockets::dns {
namespace {

constexpr size_t header_size = 12;
constexpr uint16_t type_cname = 5;
constexpr uint16_t type_ptr = 12;
constexpr uint16_t class_in = 1;
constexpr size_t longest_name = 255;  // on the wire, with the root's empty label

// A name as labels without compression: what names are compared by.
struct Name {
  uint8_t wire[longest_name];
  size_t size = 0;
};

uint8_t lower(uint8_t c) { return c >= 'A' && c <= 'Z' ? static_cast<uint8_t>(c + 32) : c; }

bool same(const Name& a, const Name& b) {
  if (a.size != b.size) return false;
  // Lengths of labels are below 64, where there are no letters.
  for (size_t i = 0; i < a.size; ++i)
    if (lower(a.wire[i]) != lower(b.wire[i])) return false;
  return true;
}

// Reads on from a position; everything fails, and stays failed, at the end.
class Reader {
 public:
  Reader(const uint8_t* message, size_t size, size_t at = 0) : message_(message), size_(size), at_(at) {}

  bool failed() const { return failed_; }
  size_t at() const { return at_; }

  uint16_t number() {
    if (!take(2)) return 0;
    return static_cast<uint16_t>(message_[at_ - 2] << 8 | message_[at_ - 1]);
  }
  void skip(size_t size) { (void)take(size); }

  // A name with its compression. A pointer must point before all that was read of the name: so there is no loop.
  void name(Name& name) {
    name.size = 0;
    size_t at = at_;
    size_t earliest = at_;
    bool jumped = false;
    for (;;) {
      if (at >= size_) return fail();
      const uint8_t length = message_[at];
      if ((length & 0xc0) == 0xc0) {
        if (at + 1 >= size_) return fail();
        const size_t target = static_cast<size_t>(length & 0x3f) << 8 | message_[at + 1];
        if (target >= earliest) return fail();
        if (!jumped) at_ = at + 2;
        jumped = true;
        at = earliest = target;
        continue;
      }
      if (length > 63 || at + 1 + length > size_ || name.size + 1 + length > longest_name) return fail();
      memcpy(name.wire + name.size, message_ + at, 1U + length);
      name.size += 1U + length;
      at += 1U + length;
      if (length == 0) break;
    }
    if (!jumped) at_ = at;
  }

 private:
  bool take(size_t size) {
    if (failed_ || size > size_ - at_) {
      fail();
      return false;
    }
    at_ += size;
    return true;
  }
  void fail() { failed_ = true; }

  const uint8_t* message_;
  size_t size_;
  size_t at_;
  bool failed_ = false;
};

// The text of a name, as a list of one word. False: it isn't a host name (letters, digits, '-', '_' as glibc has it), and a
// program that takes it for one could be deceived.
bool to_words(const Name& name, char (&words)[longest_name + 1]) {
  size_t used = 0;
  for (size_t at = 0; name.wire[at] != 0;) {
    const uint8_t length = name.wire[at++];
    if (used != 0) words[used++] = '.';
    for (size_t i = 0; i < length; ++i, ++at) {
      const uint8_t c = name.wire[at];
      const bool letter = (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '_';
      if (!letter && (c != '-' || used == 0)) return false;
      words[used++] = static_cast<char>(c);
    }
  }
  if (used == 0) return false;
  // Text that reads as an address is no name.
  words[used] = '\0';
  SocketAddress address;
  if (parse_numeric(words, address) != Numeric::not_numeric) return false;
  words[used + 1] = '\0';
  return true;
}

void put_label(Query& query, const char* text, size_t length) {
  query.bytes[query.size++] = static_cast<uint8_t>(length);
  memcpy(query.bytes + query.size, text, length);
  query.size += length;
}

void put_number(Query& query, uint16_t number) {
  query.bytes[query.size++] = static_cast<uint8_t>(number >> 8);
  query.bytes[query.size++] = static_cast<uint8_t>(number);
}

void put_ipv4(Query& query, const uint8_t* bytes) {
  for (int i = 3; i >= 0; --i) {
    char text[11];
    put_label(query, text, static_cast<size_t>(format_decimal(bytes[i], text) - text));
  }
  put_label(query, "in-addr", 7);
}

void put_ipv6(Query& query, const uint8_t* bytes) {
  for (int i = 31; i >= 0; --i) {
    const int nibble = bytes[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15;
    put_label(query, &"0123456789abcdef"[nibble], 1);
  }
  put_label(query, "ip6", 3);
}

// Goes through the answers up to the first name, as glibc does; the reader stands before the first.
Reply read_answers(Reader& reader, const uint8_t* message, size_t size, unsigned count, Name& wanted, Host& host) {
  for (; count > 0; --count) {
    Name owner;
    reader.name(owner);
    const uint16_t type = reader.number();
    const uint16_t record_class = reader.number();
    reader.skip(4);  // how long it may be kept
    const size_t length = reader.number();
    const size_t start = reader.at();
    reader.skip(length);
    if (reader.failed()) return Reply::failure;
    if (record_class != class_in || !same(owner, wanted) || (type != type_cname && type != type_ptr)) continue;
    Reader data(message, size, start);
    Name target;
    data.name(target);
    if (data.failed() || data.at() != start + length) return Reply::failure;
    if (type == type_cname) {
      wanted = target;
      continue;
    }
    char words[longest_name + 1];
    if (!to_words(target, words)) continue;
    return host.add_names(words) ? Reply::name : Reply::out_of_memory;
  }
  return Reply::no_names;
}

}  // namespace

Query make_reverse_query(const SocketAddress& address, uint16_t id) {
  Query query;
  query.size = 0;
  put_number(query, id);
  put_number(query, 0x0100);  // a standard query, recursion desired
  put_number(query, 1);       // one question
  for (int i = 0; i < 3; ++i) put_number(query, 0);
  if (address.family == Family::ipv4) {
    put_ipv4(query, address.bytes);
  } else if (address.is_ipv4_mapped()) {
    put_ipv4(query, address.bytes + 12);
  } else {
    put_ipv6(query, address.bytes);
  }
  put_label(query, "arpa", 4);
  put_label(query, "", 0);
  put_number(query, type_ptr);
  put_number(query, class_in);
  return query;
}

Reply read_reply(const uint8_t* message, size_t size, const Query& query, bool may_be_cut, Host& host) {
  Reader reader(message, size);
  const uint16_t id = reader.number();
  const uint16_t flags = reader.number();
  const uint16_t questions = reader.number();
  const unsigned answers = reader.number();
  reader.skip(4);
  if (reader.failed() || id != (query.bytes[0] << 8 | query.bytes[1])) return Reply::unrelated;
  if ((flags & 0xf800) != 0x8000) return Reply::unrelated;  // no response, or to another kind of query
  const unsigned code = flags & 15;
  // Servers that couldn't read the question may leave it out.
  if (questions == 0 && code != 0 && code != 3) return Reply::failure;
  if (questions != 1) return Reply::unrelated;
  Name asked;
  Name wanted;
  Reader(query.bytes, query.size, header_size).name(wanted);
  reader.name(asked);
  const uint16_t type = reader.number();
  const uint16_t question_class = reader.number();
  if (reader.failed() || !same(asked, wanted) || type != type_ptr || question_class != class_in)
    return Reply::unrelated;
  if (code == 3) return Reply::no_such_name;
  if (code != 0) return Reply::failure;
  if (may_be_cut && (flags & 0x0200) != 0) return Reply::truncated;
  return read_answers(reader, message, size, answers, wanted, host);
}

}  // namespace posix_sockets::dns
