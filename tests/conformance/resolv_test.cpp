// <resolv.h> and <arpa/nameser.h>: names of DNS as text and in messages.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <arpa/nameser.h>
#include <netdb.h>
#include <resolv.h>

#include <string>
#include <vector>

#include "net.h"
#include "resolv_help.h"

using namespace conformance;
using namespace resolv;

namespace {

Bytes wire(const char* name, int room = 300) {
  Bytes bytes(static_cast<std::size_t>(room));
  const int size = dn_comp(name, bytes.data(), room, nullptr, nullptr);
  bytes.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return bytes;
}

std::string text(const Bytes& bytes, std::size_t at = 0) {
  char out[NS_MAXDNAME];
  const int size = dn_expand(bytes.data(), bytes.data() + bytes.size(), bytes.data() + at, out, sizeof out);
  return size < 0 ? "none" : std::to_string(size) + " " + out;
}

}  // namespace

TEST_CASE("dn_comp: names with and without a dot at the end, and the root") {
  CHECK(wire("ab.c") == Bytes{2, 'a', 'b', 1, 'c', 0});
  CHECK(wire("ab.c.") == wire("ab.c"));
  CHECK(wire(".") == Bytes{0});
  CHECK(wire("") == Bytes{0});
}

TEST_CASE("dn_comp: escapes") {
  CHECK(wire("x\\.y.z") == Bytes{3, 'x', '.', 'y', 1, 'z', 0});
  CHECK(wire("x\\032y") == Bytes{3, 'x', ' ', 'y', 0});
  CHECK(wire("\\300").empty());
  CHECK(wire("a\\").empty());
}

TEST_CASE("dn_comp: what is no name") {
  for (const char* name : {"a..b", ".a", "\\"}) CHECK(wire(name).empty());
  const std::string label(63, 'a');
  CHECK(wire(label.c_str()).size() == 65);
  CHECK(wire((label + "a").c_str()).empty());
  CHECK(wire((label + "." + label + "." + label + "." + label + "." + label).c_str()).empty());
}

TEST_CASE("dn_comp: EMSGSIZE without enough room") {
  CHECK(wire("ab.cde", 8) == Bytes{2, 'a', 'b', 3, 'c', 'd', 'e', 0});
  unsigned char room[8];
  for (int size = 0; size < 8; ++size) CHECK_FAILS(dn_comp("ab.cde", room, size, nullptr, nullptr), EMSGSIZE);
}

TEST_CASE("dn_comp: a pointer for what stands in the message already") {
  unsigned char message[100] = {};
  unsigned char* names[8] = {message, nullptr};
  unsigned char* at = message + 12;
  CHECK_RETURNS(dn_comp("www.example.com", at, 50, names, names + 8), 17);
  at += 17;
  CHECK_RETURNS(dn_comp("mail.Example.com", at, 50, names, names + 8), 7);
  CHECK((at[5] == 0xc0 && at[6] == 16));
  at += 7;
  CHECK_RETURNS(dn_comp("example.com", at, 50, names, names + 8), 2);
  CHECK_RETURNS(dn_comp("net", at, 50, names, names + 8), 5);
  CHECK(names[3] == at);
}

TEST_CASE("dn_expand: escapes what isn't plain") {
  CHECK(text(wire("a\\.b.c")) == "7 a\\.b.c");
  CHECK(text(wire("a\\032b\\200")) == "6 a\\032b\\200");
  CHECK(text(wire("\\(\\\"\\;\\$\\@")) == "7 \\(\\\"\\;\\$\\@");
  CHECK(text(Bytes{0}) == "1 ");
}

TEST_CASE("dn_expand: pointers, forwards and backwards, and no loop") {
  const Bytes message = {2, 'a', 'b', 0, 1, 'x', 0xc0, 0, 0xc0, 4, 0xc0, 10, 0xc0, 14, 1, 'z', 0};
  CHECK(text(message, 4) == "4 x.ab");
  CHECK(text(message, 8) == "2 x.ab");
  CHECK(text(message, 10) == "none");
  CHECK(text(message, 12) == "2 z");
}

TEST_CASE("dn_expand: never beyond the message") {
  CHECK(text(Bytes{3, 'a', 'b'}) == "none");
  CHECK(text(Bytes{2, 'a', 'b'}) == "none");
  CHECK(text(Bytes{0xc0}) == "none");
  CHECK(text(Bytes{0xc0, 9}) == "none");
  CHECK(text(Bytes{0x40, 0}) == "none");
}

TEST_CASE("dn_expand: EMSGSIZE if the text doesn't fit") {
  const Bytes name = wire("ab.c");
  char out[5];
  CHECK_RETURNS(dn_expand(name.data(), name.data() + name.size(), name.data(), out, 5), 6);
  for (int size = 0; size < 5; ++size)
    CHECK_FAILS(dn_expand(name.data(), name.data() + name.size(), name.data(), out, size), EMSGSIZE);
}

TEST_CASE("dn_skipname: the size of a name where it stands") {
  const Bytes message = {2, 'a', 'b', 0, 1, 'x', 0xc0, 0, 0x40, 0};
  const unsigned char* end = message.data() + message.size();
  CHECK_RETURNS(dn_skipname(message.data(), end), 4);
  CHECK_RETURNS(dn_skipname(message.data() + 4, end), 4);
  CHECK_FAILS(dn_skipname(message.data() + 8, end), EMSGSIZE);
  CHECK_FAILS(dn_skipname(message.data(), message.data() + 3), EMSGSIZE);
}

TEST_CASE("ns_name_uncompress: the root is a dot") {
  const unsigned char root[] = {0};
  char out[4] = "x";
  CHECK_RETURNS(ns_name_uncompress(root, root + 1, root, out, sizeof out), 1);
  CHECK(std::string(out) == ".");
}

TEST_CASE("ns_put16, ns_put32, ns_get16, ns_get32: network byte order") {
  unsigned char bytes[8] = {};
  ns_put16(0x1234, bytes);
  ns_put32(0x89abcdef, bytes + 2);
  CHECK((bytes[0] == 0x12 && bytes[1] == 0x34 && bytes[2] == 0x89 && bytes[5] == 0xef));
  CHECK(ns_get16(bytes) == 0x1234);
  CHECK(ns_get32(bytes + 2) == 0x89abcdef);
  unsigned char* at = bytes;
  unsigned value = 0;
  NS_GET16(value, at);
  CHECK((value == 0x1234 && at == bytes + 2));
}
