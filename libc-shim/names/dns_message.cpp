// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/dns_message.h"

#include <string.h>

#include "names/numeric.h"

namespace posix_sockets::dns {
namespace {

constexpr size_t header_size = 12;
constexpr uint16_t type_cname = 5;
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

// The text of a name with its NUL. False: it isn't a host name, and a program that takes it for one could be deceived.
bool to_text(const Name& name, char (&text)[longest_name]) {
  size_t used = 0;
  for (size_t at = 0; name.wire[at] != 0;) {
    const uint8_t length = name.wire[at++];
    if (used != 0) text[used++] = '.';
    // A dot within a label would be none in the text.
    if (memchr(name.wire + at, '.', length) != nullptr) return false;
    memcpy(text + used, name.wire + at, length);
    used += length;
    at += length;
  }
  text[used] = '\0';
  // Text that reads as an address is no name.
  SocketAddress address;
  return is_host_name(text, used) && parse_numeric(text, address) == Numeric::not_numeric;
}

struct Record {
  Name owner;
  uint16_t type;
  uint16_t its_class;
  size_t start;
  size_t length;
};

// False: the message ends within the record.
bool read_record(Reader& reader, Record& record) {
  reader.name(record.owner);
  record.type = reader.number();
  record.its_class = reader.number();
  reader.skip(4);  // how long it may be kept
  record.length = reader.number();
  record.start = reader.at();
  reader.skip(record.length);
  return !reader.failed();
}

// The names of a host as they come to light: those that were asked for or passed on the way are aliases of the last one.
class Trail {
 public:
  [[nodiscard]] bool add(const Name& name) {
    char text[longest_name];
    if (!to_text(name, text)) return true;
    for (const char* c = text; *c != '\0'; ++c)
      if (!words_.add(*c)) return false;
    last_ = words_.size() - strlen(text);
    return words_.add('\0');
  }
  [[nodiscard]] bool give(Host& host) {
    List<char> words;
    for (size_t i = last_; i < words_.size(); ++i)
      if (!words.add(words_[i])) return false;
    for (size_t i = 0; i < last_; ++i)
      if (!words.add(words_[i])) return false;
    return words_.empty() || (words.add('\0') && host.add_names(words.data()));
  }

 private:
  List<char> words_;
  size_t last_ = 0;
};

bool add_address(const uint8_t* data, Type type, Host& host) {
  SocketAddress address = SocketAddress::any(type == Type::a ? Family::ipv4 : Family::ipv6);
  memcpy(address.bytes, data, type == Type::a ? 4 : 16);
  return host.addresses.add(address);
}

// The name that a record is: an alias, or what a PTR record points to. False: it's none, or doesn't fill the record.
bool read_target(const uint8_t* message, size_t size, const Record& record, Name& target) {
  Reader data(message, size, record.start);
  data.name(target);
  return !data.failed() && data.at() == record.start + record.length;
}

// The first name that a PTR record gives. False: it isn't one that a program may see.
bool give_name(const Name& target, Host& host, Reply& reply) {
  char words[longest_name + 1] = {};
  char text[longest_name];
  if (!to_text(target, text)) return false;
  memcpy(words, text, strlen(text));
  reply = host.add_names(words) ? Reply::found : Reply::out_of_memory;
  return true;
}

// Whether a record is of the kind that was asked for, or an alias.
bool is_wanted(const Record& record, const Query& query) {
  if (record.type == type_cname) return true;
  if (record.type != static_cast<uint16_t>(query.type)) return false;
  return query.type == Type::ptr || record.length == (query.type == Type::a ? 4 : 16);
}

// Notes a name on the way to the addresses. False: no memory.
bool note(Trail& trail, const Name& name, bool reverse) { return reverse || trail.add(name); }

// Goes through the answers, of names up to the first, as glibc does; the reader stands before the first.
Reply read_answers(Reader& reader, const uint8_t* message, size_t size, unsigned count, const Query& query,
                   Name& wanted, Host& host) {
  if (count == 0) return Reply::no_records;
  const bool reverse = query.type == Type::ptr;
  Trail trail;
  if (!note(trail, wanted, reverse)) return Reply::out_of_memory;
  bool any = false;
  for (; count > 0; --count) {
    Record record;
    if (!read_record(reader, record)) return Reply::failure;
    const bool alias = record.type == type_cname;
    if (record.its_class != class_in || !same(record.owner, wanted) || !is_wanted(record, query)) continue;
    if (!alias && !reverse) {
      if (!add_address(message + record.start, query.type, host)) return Reply::out_of_memory;
      any = true;
      continue;
    }
    Name target;
    if (!read_target(message, size, record, target)) return Reply::failure;
    Reply reply;
    if (!alias && give_name(target, host, reply)) return reply;
    if (!alias) continue;
    wanted = target;
    if (!note(trail, wanted, reverse)) return Reply::out_of_memory;
  }
  if (!any) return Reply::no_use;
  return trail.give(host) ? Reply::found : Reply::out_of_memory;
}

}  // namespace

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
  if (questions == 0 && code != 0 && code != 3) return code == 2 ? Reply::server_failure : Reply::failure;
  if (questions != 1) return Reply::unrelated;
  Name asked;
  Name wanted;
  Reader(query.bytes, query.size, header_size).name(wanted);
  reader.name(asked);
  const uint16_t type = reader.number();
  const uint16_t question_class = reader.number();
  if (reader.failed() || !same(asked, wanted) || type != static_cast<uint16_t>(query.type) ||
      question_class != class_in)
    return Reply::unrelated;
  if (code == 3) return Reply::no_such_name;
  if (code == 2) return Reply::server_failure;
  if (code == 4 || code == 5) return Reply::failure;  // not implemented, refused: another server may do it
  if (code != 0) return Reply::no_use;
  if (may_be_cut && (flags & 0x0200) != 0) return Reply::truncated;
  return read_answers(reader, message, size, answers, query, asked, host);
}

}  // namespace posix_sockets::dns
