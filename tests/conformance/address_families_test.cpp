// Where a socket can connect and send to, by the address that it is bound to: families, wildcards, IPV6_V6ONLY and port 0.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <arpa/inet.h>

#include <cstring>
#include <map>

#include "net.h"

using namespace conformance;

namespace {

constexpr const char* destinations[] = {"127.0.0.1", "0.0.0.0", "::1", "::", "::ffff:127.0.0.1", "::ffff:0.0.0.0"};

struct Row {
  int family;
  bool v6_only;
  const char* bound;  // empty: it isn't
  // What each destination gives: V EINVAL, F EAFNOSUPPORT, N ENETUNREACH, whatever the port; + goes well; f EAFNOSUPPORT.
  // With port 0, which is nobody's, the last two are what `port_zero` says.
  const char* results;
};

constexpr Row tcp_rows[] = {
    {AF_INET, false, "", "++FFFF"},        {AF_INET, false, "127.0.0.1", "++FFFF"},
    {AF_INET, false, "0.0.0.0", "++FFFF"}, {AF_INET, false, "127.0.0.2", "++FFFF"},
    {AF_INET6, false, "", "VV++++"},       {AF_INET6, false, "::1", "VV++NN"},
    {AF_INET6, false, "::", "VV++++"},     {AF_INET6, false, "::ffff:127.0.0.1", "VVF+++"},
    {AF_INET6, true, "", "VV++NN"},        {AF_INET6, false, "::ffff:0.0.0.0", "VVF+++"},
    {AF_INET6, true, "::1", "VV++NN"},     {AF_INET6, true, "::", "VV++NN"},
};
constexpr Row udp_connect_rows[] = {
    {AF_INET, false, "", "++FFFF"},        {AF_INET, false, "127.0.0.1", "++FFFF"},
    {AF_INET, false, "0.0.0.0", "++FFFF"}, {AF_INET, false, "127.0.0.2", "++FFFF"},
    {AF_INET6, false, "", "++++++"},       {AF_INET6, false, "::1", "FF++NN"},
    {AF_INET6, false, "::", "++++++"},     {AF_INET6, false, "::ffff:127.0.0.1", "++F+++"},
    {AF_INET6, true, "", "FF++NN"},        {AF_INET6, false, "::ffff:0.0.0.0", "++F+++"},
    {AF_INET6, true, "::1", "FF++NN"},     {AF_INET6, true, "::", "FF++NN"},
};
constexpr Row udp_send_rows[] = {
    {AF_INET, false, "", "++FFFF"},        {AF_INET, false, "127.0.0.1", "++FFFF"},
    {AF_INET, false, "0.0.0.0", "++FFFF"}, {AF_INET, false, "127.0.0.2", "++FFFF"},
    {AF_INET6, false, "", "++++++"},       {AF_INET6, false, "::1", "NN++NN"},
    {AF_INET6, false, "::", "++++++"},     {AF_INET6, false, "::ffff:127.0.0.1", "++f+++"},
    {AF_INET6, true, "", "NN++NN"},        {AF_INET6, false, "::ffff:0.0.0.0", "++f+++"},
    {AF_INET6, true, "::1", "NN++NN"},     {AF_INET6, true, "::", "NN++NN"},
};

struct Name {
  sockaddr_storage storage = {};
  socklen_t length = 0;
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

Name name(const char* text, std::uint16_t port) {
  Name result;
  if (std::strchr(text, ':') != nullptr) {
    auto* in6 = reinterpret_cast<sockaddr_in6*>(&result.storage);
    in6->sin6_family = AF_INET6;
    in6->sin6_port = htons(port);
    inet_pton(AF_INET6, text, &in6->sin6_addr);
    result.length = sizeof *in6;
  } else {
    auto* in = reinterpret_cast<sockaddr_in*>(&result.storage);
    in->sin_family = AF_INET;
    in->sin_port = htons(port);
    inet_pton(AF_INET, text, &in->sin_addr);
    result.length = sizeof *in;
  }
  return result;
}

/// A socket on the wildcard of both families.
Bound on_both(int type) {
  Bound result;
  result.fd = Fd(socket(AF_INET6, type, 0));
  const Name any = name("::", 0);
  REQUIRE_OK(bind(result.fd, any.get(), any.length));
  if (type == SOCK_STREAM) REQUIRE_OK(listen(result.fd, 100));
  result.address = local_address(result.fd);
  return result;
}

Fd bound_socket(const Row& row, int type) {
  Fd fd(socket(row.family, type, 0));
  const int on = 1;
  if (row.v6_only) REQUIRE_OK(setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on));
  if (*row.bound == 0) return fd;
  const Name own = name(row.bound, 0);
  REQUIRE_OK(bind(fd, own.get(), own.length));
  return fd;
}

int expected(char result, bool has_port, int port_zero) {
  if (!has_port && (result == '+' || result == 'f')) return port_zero;
  switch (result) {
    case 'V':
      return EINVAL;
    case 'N':
      return ENETUNREACH;
    case 'F':
    case 'f':
      return EAFNOSUPPORT;
    default:
      return 0;
  }
}

template <std::size_t count, class Act>
void walk(const Row (&rows)[count], int type, int port_zero, Act act) {
  Bound target = on_both(type);
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < std::size(destinations); ++i) {
      for (const std::uint16_t port : {std::uint16_t{0}, target.address.port()}) {
        Fd fd = bound_socket(row, type);
        const Name to = name(destinations[i], port);
        errno = 0;
        const bool failed = act(fd, to) == -1;
        INFO("family " << row.family << (row.v6_only ? " only" : "") << " bound to '" << row.bound << "', to "
                       << destinations[i] << " port " << port);
        CHECK(errno_name(failed ? errno : 0) == errno_name(expected(row.results[i], port != 0, port_zero)));
        if (!failed && type == SOCK_STREAM) {
          fd.reset();
          Fd accepted(accept(target.fd, nullptr, nullptr));
        }
      }
    }
  }
}

}  // namespace

TEST_CASE("address families: TCP connects by what it is bound to") {
  walk(tcp_rows, SOCK_STREAM, ECONNREFUSED, [](int fd, const Name& to) { return connect(fd, to.get(), to.length); });
}

TEST_CASE("address families: UDP connects by what it is bound to") {
  walk(udp_connect_rows, SOCK_DGRAM, 0, [](int fd, const Name& to) { return connect(fd, to.get(), to.length); });
}

TEST_CASE("address families: UDP sends by what it is bound to") {
  walk(udp_send_rows, SOCK_DGRAM, EINVAL,
       [](int fd, const Name& to) { return static_cast<int>(sendto(fd, "x", 1, 0, to.get(), to.length)); });
}

TEST_CASE("address families: the wildcard as a destination is the IPv4 address that the socket is bound to") {
  for (const int type : {SOCK_STREAM, SOCK_DGRAM}) {
    Bound target = on_both(type);
    for (const bool mapped : {false, true}) {
      Fd fd(socket(mapped ? AF_INET6 : AF_INET, type, 0));
      const Name own = name(mapped ? "::ffff:127.0.0.2" : "127.0.0.2", 0);
      const Name to = name(mapped ? "::ffff:0.0.0.0" : "0.0.0.0", target.address.port());
      REQUIRE_OK(bind(fd, own.get(), own.length));
      REQUIRE_OK(connect(fd, to.get(), to.length));
      const Name expected = name(mapped ? "::ffff:127.0.0.2" : "127.0.0.2", target.address.port());
      const Address got = peer_address(fd);
      CHECK(got.length == expected.length);
      CHECK(std::memcmp(got.get(), expected.get(), expected.length) == 0);
    }
  }
}

TEST_CASE("address families: a UDP connect to another family binds the socket all the same") {
  for (const int family : {AF_INET, AF_INET6}) {
    Fd fd = udp(family);
    const int on = 1;
    if (family == AF_INET6) REQUIRE_OK(setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on));
    const Name other = name(family == AF_INET ? "::1" : "127.0.0.1", 9);
    CHECK_FAILS(connect(fd, other.get(), other.length), EAFNOSUPPORT);
    CHECK(local_address(fd).port() != 0);
  }
}

TEST_CASE("address families: after an IPv4 address that was in use an IPv6 one can be bound") {
  for (const int type : {SOCK_STREAM, SOCK_DGRAM}) {
    Fd taken(socket(AF_INET, type, 0));
    const Name any = name("127.0.0.1", 0);
    REQUIRE_OK(bind(taken, any.get(), any.length));
    if (type == SOCK_STREAM) REQUIRE_OK(listen(taken, 1));
    Fd fd(socket(AF_INET6, type, 0));
    const Name mapped = name("::ffff:127.0.0.1", local_address(taken).port());
    CHECK_FAILS(bind(fd, mapped.get(), mapped.length), EADDRINUSE);
    const Name other = name("::1", 0);
    REQUIRE_OK(bind(fd, other.get(), other.length));
    CHECK(local_address(fd).port() != 0);
  }
}
