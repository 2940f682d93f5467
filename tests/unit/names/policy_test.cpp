// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// gai.conf: which tables the order of addresses goes by.
#include "names/policy.h"

#include <unistd.h>

#include <catch_amalgamated.hpp>
#include <cstdlib>
#include <string>

#include "fake_resolver.h"

using namespace posix_sockets;

namespace {

// Each case's file says that it is to be read again, so that the next one's is.
const Policy& policy_of(const std::string& text) {
  char path[] = "/tmp/gai-XXXXXX";
  const int fd = mkstemp(path);
  REQUIRE(fd >= 0);
  const std::string whole = text + "\nreload yes\n";
  REQUIRE(write(fd, whole.data(), whole.size()) == static_cast<ssize_t>(whole.size()));
  close(fd);
  const Policy& policy = read_policy(path);
  unlink(path);
  return policy;
}

int precedence(const Policy& policy, const char* address) {
  return policy.precedences.value_of(fake::address(address));
}
int label(const Policy& policy, const char* address) { return policy.labels.value_of(fake::address(address)); }

}  // namespace

TEST_CASE("gai.conf: without rules glibc's tables count") {
  const Policy& policy = policy_of("# precedence ::/0 1\nreload no\nunknown ::/0 1");
  CHECK_FALSE(policy.own);
  CHECK(precedence(policy, "192.0.2.1") == 10);
  CHECK(precedence(policy, "::1") == 50);
  CHECK(precedence(policy, "fd00::1") == 40);
  CHECK(label(policy, "fd00::1") == 6);
  CHECK(label(policy, "2001:db8::1") == 1);
  CHECK(label(policy, "192.0.2.1") == 4);
  CHECK(policy.scope_of(fake::address("127.0.0.9")) == 2);
  CHECK(policy.scope_of(fake::address("10.0.0.1")) == 14);
}

TEST_CASE("gai.conf: the rules of one kind replace those built in, and the longest prefix counts") {
  const Policy& policy =
      policy_of("precedence 2001:db8::/32 7\nprecedence 2001:db8:1::/48 8\nprecedence ::ffff:0:0/96 100");
  CHECK(policy.own);
  CHECK(precedence(policy, "2001:db8::1") == 7);
  CHECK(precedence(policy, "2001:db8:1::1") == 8);
  CHECK(precedence(policy, "192.0.2.1") == 100);
  CHECK(precedence(policy, "::1") == 40);
  CHECK(label(policy, "::1") == 0);
}

TEST_CASE("gai.conf: scopes of IPv4 addresses") {
  const Policy& policy =
      policy_of("scopev4 10.0.0.0/8 5\nscopev4 ::ffff:169.254.0.0/112 3\nscopev4 ::/0 9\nscopev4 fe80::/96 9");
  CHECK(policy.scope_of(fake::address("10.1.2.3")) == 5);
  CHECK(policy.scope_of(fake::address("169.254.1.1")) == 3);
  CHECK(policy.scope_of(fake::address("127.0.0.1")) == 14);
  CHECK(policy.scope_of(fake::address("fe80::1")) == 2);
}

TEST_CASE("gai.conf: odd rules are passed over") {
  for (const char* rule :
       {"precedence fd00::/8 -1", "precedence fd00::/8 4294967296", "precedence fd00::/8x 5", "precedence fd00::/129 5",
        "precedence 10.0.0.0/8 5", "PRECEDENCE fd00::/8 5", "precedence", "label fd00::/8 x"})
    CHECK_FALSE(policy_of(rule).own);
  CHECK(precedence(policy_of("precedence fd00::/8 # none\nprecedence fd00::/8 5"), "fd00::1") == 0);
  CHECK(precedence(policy_of(" precedence\tfd00::/8  5 6\r"), "fd00::1") == 5);
}
