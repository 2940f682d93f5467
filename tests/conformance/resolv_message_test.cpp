// <resolv.h> and <arpa/nameser.h>: messages of DNS, and queries that nobody answers. Those that are answered are in
// tests/names.
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
