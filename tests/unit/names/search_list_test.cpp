// The search list that resolv.conf gives, and which names are looked for in it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/resolver_settings.h"

#include <netdb.h>
#include <resolv.h>
#include <unistd.h>

#include <catch_amalgamated.hpp>
#include <cstdlib>
#include <string>

#include "allocation.h"
#include "fake_resolver.h"
#include "names/look_up.h"
#include "resolv_conf_help.h"

using namespace posix_sockets;

using namespace resolv_conf_help;

namespace {

// What is asked of the host for a name, and the outcome.
std::string searched(const char* name, const std::string& settings) {
  SettingsFile file(settings);
  fake::host().asked.clear();
  Host host;
  const int error = look_up(name, Families::both, host);
  std::string all;
  for (const std::string& asked : fake::host().asked) all += asked + " ";
  if (error == 0) return all + "= " + host.name();
  return all + gai_strerror(error);
}

fake::Answer found(const char* text) {
  return {.addresses = {fake::address(text)}, .error = {}, .immediate_error = {}};
}
fake::Answer failing(wasi::ErrorCode code) { return {.addresses = {}, .error = code, .immediate_error = {}}; }
const std::string none = gai_strerror(EAI_NONAME);

}  // namespace

TEST_CASE("search: a name without dots is tried in the domains first") {
  fake::host() = {};
  fake::host().names["www.two.test"] = found("192.0.2.1");
  CHECK(searched("www", "search one.test two.test three.test\n") == "www.one.test www.two.test = www.two.test");
  fake::host().names = {{"www", found("192.0.2.2")}};
  CHECK(searched("www", "search one.test two.test\n") == "www.one.test www.two.test www = www");
  fake::host().names.clear();
  CHECK(searched("www", "search one.test\n") == "www.one.test www " + none);
}

TEST_CASE("search: a name with as many dots as ndots is tried as it is first") {
  fake::host() = {};
  CHECK(searched("www.sub", "search one.test\n") == "www.sub www.sub.one.test " + none);
  CHECK(searched("www.sub", "search one.test\noptions ndots:2\n") == "www.sub.one.test www.sub " + none);
  CHECK(searched("www", "search one.test\noptions ndots:0\n") == "www www.one.test " + none);
  fake::host().names["www.sub"] = found("192.0.2.1");
  CHECK(searched("www.sub", "search one.test\n") == "www.sub = www.sub");
}

TEST_CASE("search: the root may stand in the list, and domains with a dot in front") {
  fake::host() = {};
  CHECK(searched("www", "search one.test . .two.test\n") == "www.one.test www. www.two.test " + none);
  CHECK(searched("a.b", "search . one.test\n") == "a.b a.b. a.b.one.test " + none);
}

TEST_CASE("search: no-tld-query leaves a name without dots to the domains") {
  fake::host() = {};
  CHECK(searched("www", "search one.test\noptions no-tld-query\n") == "www.one.test " + none);
  CHECK(searched("a.b", "search one.test\noptions no-tld-query\n") == "a.b a.b.one.test " + none);
  CHECK(searched("www", "options no-tld-query\n") == "www " + none);
}

TEST_CASE("search: no-aaaa leaves IPv4") {
  fake::host() = {};
  fake::host().names["www"] = found("2001:db8::1");
  CHECK(searched("www", "options no-aaaa\n") == "www " + std::string(gai_strerror(EAI_NODATA)));
}

TEST_CASE("search: what is no host name isn't asked for, and a number at the top only elsewhere") {
  fake::host() = {};
  for (const char* name : {"-a", "a b", "a*", "[::1]", "a%41", "a:b",
                           "b\xc3\xbc"
                           "cher.test",
                           "a..b", ".a", ".", "node.1"})
    CHECK(searched(name, "search one.test\noptions ndots:0\n").find("www") == std::string::npos);
  CHECK(searched("a b", "") == none);
  CHECK(searched("node.1", "") == none);
}

TEST_CASE("search: a final dot forbids it, and so does a file without domains") {
  fake::host() = {};
  CHECK(searched("www.", "search one.test\n") == "www. " + none);
  CHECK(searched("www", "nameserver 127.0.0.1\n") == "www " + none);
}

TEST_CASE("search: without the file a name is tried as it is") {
  fake::host() = {};
  Host host;
  CHECK(look_up("www", Families::both, host) == EAI_NONAME);
  CHECK(fake::host().asked == std::vector<std::string>{"www"});
}

TEST_CASE("search: temporary failures and missing addresses don't end it, and aren't forgotten") {
  fake::host() = {};
  fake::host().names["www.one.test"] = failing(wasi::ErrorCode::temporary_resolver_failure);
  CHECK(searched("www", "search one.test two.test\n") ==
        "www.one.test www.two.test www " + std::string(gai_strerror(EAI_AGAIN)));
  fake::host().names["www.two.test"] = found("192.0.2.1");
  CHECK(searched("www", "search one.test two.test\n") == "www.one.test www.two.test = www.two.test");
  // The error of the name as it is counts if it was tried first.
  CHECK(searched("www.one", "search test\n") == "www.one www.one.test " + none);
}

TEST_CASE("search: a refusal ends it") {
  fake::host() = {};
  fake::host().names["www.one.test"] = failing(wasi::ErrorCode::permanent_resolver_failure);
  CHECK(searched("www", "search one.test two.test\n") == "www.one.test " + std::string(gai_strerror(EAI_FAIL)));
  fake::host().names["www.sub"] = failing(wasi::ErrorCode::access_denied);
  CHECK(searched("www.sub", "search one.test\n") == "www.sub " + std::string(gai_strerror(EAI_SYSTEM)));
}

TEST_CASE("search: names that would become too long are left out") {
  fake::host() = {};
  const std::string name =
      std::string(60, 'a') + "." + std::string(60, 'a') + "." + std::string(60, 'a') + "." + std::string(17, 'a');
  CHECK(searched(name.c_str(), "options ndots:9\nsearch " + std::string(60, 'b') + " c\n") ==
        name + ".c " + name + " " + none);
}

TEST_CASE("search: this machine's own names aren't searched for") {
  fake::host() = {};
  CHECK(searched("localhost", "search one.test\n") == "= localhost");
}
