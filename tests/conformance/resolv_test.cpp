// <resolv.h> and <arpa/nameser.h>: names and messages of DNS, and queries that nobody answers. Those that are answered are in
// tests/names.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <arpa/nameser.h>
#include <netdb.h>
#include <resolv.h>

#include <string>
#include <vector>

#include "net.h"

using namespace conformance;

namespace {

using Bytes = std::vector<unsigned char>;

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

Bytes query(const char* name, int type = ns_t_a) {
  Bytes bytes(512);
  const int size = res_mkquery(ns_o_query, name, ns_c_in, type, nullptr, 0, nullptr, bytes.data(), 512);
  bytes.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return bytes;
}

void put(Bytes& message, std::initializer_list<int> bytes) {
  for (int byte : bytes) message.push_back(static_cast<unsigned char>(byte));
}

// An answer with an alias, an address and a record of its own kind at the end.
Bytes answer() {
  Bytes message = query("www.example.com");
  message[2] = 0x85;
  message[3] = 0x80;
  message[7] = 2;
  message[11] = 1;
  put(message, {0xc0, 12, 0, 5, 0, 1, 0x80, 0, 0, 1, 0, 6, 3, 'a', 'b', 'c', 0xc0, 16});
  put(message, {0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 1, 2, 3, 4});
  put(message, {0, 0, 41, 16, 0, 0, 0, 0, 0, 0, 0});
  return message;
}

// A state whose only server is at a port of this machine.
void only_server(struct __res_state& state, std::uint16_t port) {
  state = {};
  REQUIRE_OK(res_ninit(&state));
  state.nscount = 1;
  state.nsaddr_list[0] = {};
  state.nsaddr_list[0].sin_family = AF_INET;
  state.nsaddr_list[0].sin_port = htons(port);
  state.nsaddr_list[0].sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  state.retry = state.retrans = 1;
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

TEST_CASE("ns_initparse: counts and flags") {
  const Bytes message = answer();
  ns_msg handle;
  REQUIRE_OK(ns_initparse(message.data(), static_cast<int>(message.size()), &handle));
  CHECK(ns_msg_id(handle) == ns_get16(message.data()));
  CHECK(ns_msg_count(handle, ns_s_qd) == 1);
  CHECK(ns_msg_count(handle, ns_s_an) == 2);
  CHECK(ns_msg_count(handle, ns_s_ns) == 0);
  CHECK(ns_msg_count(handle, ns_s_ar) == 1);
  CHECK(ns_msg_getflag(handle, ns_f_qr) == 1);
  CHECK(ns_msg_getflag(handle, ns_f_aa) == 1);
  CHECK(ns_msg_getflag(handle, ns_f_rd) == 1);
  CHECK(ns_msg_getflag(handle, ns_f_ra) == 1);
  CHECK(ns_msg_getflag(handle, ns_f_tc) == 0);
  CHECK(ns_msg_getflag(handle, ns_f_rcode) == ns_r_noerror);
}

TEST_CASE("ns_initparse: a message that is cut, or longer than it says") {
  Bytes message = answer();
  const int size = static_cast<int>(message.size());
  ns_msg handle;
  for (int cut = 0; cut < size; ++cut) CHECK_FAILS(ns_initparse(message.data(), cut, &handle), EMSGSIZE);
  message.push_back(0);
  CHECK_FAILS(ns_initparse(message.data(), size + 1, &handle), EMSGSIZE);
}

TEST_CASE("ns_parserr: records by number and one after the other") {
  const Bytes message = answer();
  ns_msg handle;
  REQUIRE_OK(ns_initparse(message.data(), static_cast<int>(message.size()), &handle));
  ns_rr record;
  REQUIRE_OK(ns_parserr(&handle, ns_s_an, 1, &record));
  CHECK(std::string(ns_rr_name(record)) == "www.example.com");
  CHECK(ns_rr_type(record) == ns_t_a);
  CHECK(ns_rr_class(record) == ns_c_in);
  CHECK(ns_rr_ttl(record) == 60);
  REQUIRE(ns_rr_rdlen(record) == 4);
  CHECK(ns_rr_rdata(record)[3] == 4);
  REQUIRE_OK(ns_parserr(&handle, ns_s_an, 0, &record));
  CHECK(ns_rr_type(record) == ns_t_cname);
  CHECK(static_cast<std::uint32_t>(ns_rr_ttl(record)) == 0x80000001);
  REQUIRE_OK(ns_parserr(&handle, ns_s_an, -1, &record));
  CHECK(ns_rr_type(record) == ns_t_a);
  REQUIRE_OK(ns_parserr(&handle, ns_s_qd, 0, &record));
  CHECK(ns_rr_rdlen(record) == 0);
  REQUIRE_OK(ns_parserr(&handle, ns_s_ar, 0, &record));
  CHECK(std::string(ns_rr_name(record)) == ".");
}

TEST_CASE("ns_parserr: ENODEV for what isn't there") {
  const Bytes message = answer();
  ns_msg handle;
  REQUIRE_OK(ns_initparse(message.data(), static_cast<int>(message.size()), &handle));
  ns_rr record;
  CHECK_FAILS(ns_parserr(&handle, ns_s_an, 2, &record), ENODEV);
  CHECK_FAILS(ns_parserr(&handle, ns_s_ns, 0, &record), ENODEV);
  CHECK_FAILS(ns_parserr(&handle, ns_s_max, 0, &record), ENODEV);
  CHECK_FAILS(ns_parserr(&handle, ns_s_an, -2, &record), ENODEV);
}

TEST_CASE("ns_skiprr: the size of several records") {
  const Bytes message = answer();
  const unsigned char* end = message.data() + message.size();
  CHECK_RETURNS(ns_skiprr(message.data() + NS_HFIXEDSZ, end, ns_s_qd, 1), 21);
  CHECK_RETURNS(ns_skiprr(message.data() + NS_HFIXEDSZ + 21, end, ns_s_an, 2), 34);
  CHECK_FAILS(ns_skiprr(message.data() + NS_HFIXEDSZ + 21, end, ns_s_an, 9), EMSGSIZE);
}

TEST_CASE("res_mkquery: a question with recursion desired") {
  const Bytes message = query("ab.c", ns_t_mx);
  REQUIRE(message.size() == 22);
  CHECK(Bytes(message.begin() + 2, message.end()) ==
        Bytes{1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 2, 'a', 'b', 1, 'c', 0, 0, 15, 0, 1});
  HEADER header;
  std::memcpy(&header, message.data(), sizeof header);
  CHECK(header.rd == 1);
  CHECK(ntohs(header.qdcount) == 1);
}

TEST_CASE("res_mkquery: what can't be asked") {
  unsigned char room[100];
  const auto make = [&](int operation, const char* name, int its_class, int size) {
    return res_mkquery(operation, name, its_class, ns_t_a, nullptr, 0, nullptr, room, size);
  };
  CHECK(make(ns_o_query, "a..b", ns_c_in, 100) == -1);
  CHECK(make(ns_o_status, "a.b", ns_c_in, 100) == -1);
  CHECK(make(ns_o_query, "a.b", 70000, 100) == -1);
  CHECK(make(ns_o_query, "a.b", ns_c_in, 12) == -1);
  CHECK(make(ns_o_query, "a.b", ns_c_in, 20) == -1);
  CHECK(make(ns_o_query, "a.b", ns_c_in, 21) == 21);
}

TEST_CASE("res_ninit: the defaults") {
  struct __res_state state{};
  REQUIRE_OK(res_ninit(&state));
  CHECK((state.options & (RES_INIT | RES_DEFAULT)) == (RES_INIT | RES_DEFAULT));
  CHECK(state.nscount >= 1);
  CHECK(state.nscount <= MAXNS);
  CHECK(state.ndots >= 1);
  res_nclose(&state);
}

TEST_CASE("res_nquery: a name that is none") {
  struct __res_state state{};
  only_server(state, 9);
  unsigned char out[512];
  CHECK(res_nquery(&state, "a..b", ns_c_in, ns_t_a, out, sizeof out) == -1);
  CHECK(h_errno == NO_RECOVERY);
}

TEST_CASE("res_nquery: nobody at the server's port") {
  Bound nobody = bound_tcp(AF_INET);
  struct __res_state state{};
  only_server(state, nobody.address.port());
  unsigned char out[512];
  CHECK(res_nquery(&state, "a.test", ns_c_in, ns_t_a, out, sizeof out) == -1);
  CHECK(h_errno == TRY_AGAIN);
  CHECK(state.res_h_errno == TRY_AGAIN);
  CHECK(errno == ECONNREFUSED);
}

TEST_CASE("res_nsend: the query reaches the server as it is, and silence is ETIMEDOUT") {
  Bound server = bound_udp(AF_INET);
  struct __res_state state{};
  only_server(state, server.address.port());
  const Bytes asked = query("a.test");
  unsigned char out[512];
  CHECK_FAILS(res_nsend(&state, asked.data(), static_cast<int>(asked.size()), out, sizeof out), ETIMEDOUT);
  char got[512];
  const ssize_t size = recv(server.fd, got, sizeof got, MSG_DONTWAIT);
  CHECK(Bytes(got, got + (size > 0 ? size : 0)) == asked);
}

TEST_CASE("res_nsearch: nobody at the server's port") {
  Bound nobody = bound_tcp(AF_INET);
  struct __res_state state{};
  only_server(state, nobody.address.port());
  unsigned char out[512];
  CHECK(res_nsearch(&state, "a.test.", ns_c_in, ns_t_a, out, sizeof out) == -1);
  CHECK(h_errno == TRY_AGAIN);
}
