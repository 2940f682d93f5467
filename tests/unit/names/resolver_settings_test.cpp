// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// resolv.conf, and the search list that it gives.
#include "names/resolver_settings.h"

#include <netdb.h>
#include <unistd.h>

#include <catch_amalgamated.hpp>
#include <cstdlib>
#include <string>

#include "allocation.h"
#include "fake_resolver.h"
#include "names/look_up.h"

using namespace posix_sockets;

namespace {

// The file for the time of a case, and no environment that adds to it.
class SettingsFile {
 public:
  explicit SettingsFile(const std::string& text) : before_(resolver_settings_path) {
    const int fd = mkstemp(path_);
    REQUIRE(fd >= 0);
    REQUIRE(write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    close(fd);
    resolver_settings_path = path_;
    unsetenv("LOCALDOMAIN");
    unsetenv("RES_OPTIONS");
  }
  ~SettingsFile() {
    resolver_settings_path = before_;
    unlink(path_);
    unsetenv("LOCALDOMAIN");
    unsetenv("RES_OPTIONS");
  }

 private:
  const char* before_;
  char path_[32] = "/tmp/resolv-XXXXXX";
};

std::string servers(const ResolverSettings& settings) {
  std::string all;
  for (int i = 0; i < settings.server_count; ++i) {
    if (i != 0) all += ' ';
    all += fake::text(settings.servers[i]);
    if (settings.servers[i].port != 53) all += ":" + std::to_string(settings.servers[i].port);
  }
  return all;
}
std::string domains(const ResolverSettings& settings) {
  std::string all;
  for (const char* word = settings.domains(); *word != '\0'; word = next_word(word)) all += std::string(word) + " ";
  return all;
}
std::string servers_of(const std::string& text) {
  SettingsFile file(text);
  ResolverSettings settings;
  REQUIRE(read_resolver_settings(settings) == SettingsStatus::read);
  return servers(settings);
}
std::string domains_of(const std::string& text) {
  SettingsFile file(text);
  ResolverSettings settings;
  REQUIRE(read_resolver_settings(settings) == SettingsStatus::read);
  return domains(settings);
}
std::string numbers_of(const std::string& text, const char* variable = nullptr) {
  SettingsFile file(text);
  if (variable != nullptr) setenv("RES_OPTIONS", variable, 1);
  ResolverSettings settings;
  REQUIRE(read_resolver_settings(settings) == SettingsStatus::read);
  return std::to_string(settings.ndots) + " " + std::to_string(settings.timeout) + " " +
         std::to_string(settings.attempts) + (settings.use_tcp ? " tcp" : "");
}

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

TEST_CASE("resolv.conf: name servers") {
  CHECK(servers_of("nameserver 192.0.2.1\nnameserver 2001:db8::1\n") == "192.0.2.1 2001:db8::1");
  CHECK(servers_of("nameserver 192.0.2.1\nnameserver 192.0.2.2\nnameserver 192.0.2.3\nnameserver 192.0.2.4\n") ==
        "192.0.2.1 192.0.2.2 192.0.2.3");
  CHECK(servers_of("nameserver name.example\nnameserver\nnameserver 192.0.2.9 # and more\n") == "192.0.2.9");
  CHECK(servers_of("") == "127.0.0.1");
}

TEST_CASE("resolv.conf: a name server's port, as OpenBSD has it") {
  CHECK(servers_of("nameserver [192.0.2.1]:5353\nnameserver [2001:db8::1]:54\n") == "192.0.2.1:5353 2001:db8::1:54");
  for (const char* bad : {"[192.0.2.1]", "[192.0.2.1]:", "[192.0.2.1]:0", "[192.0.2.1]:65536", "[192.0.2.1]:5x",
                          "[192.0.2.1", "[]:53", "[name]:53", "[192.0.2.1]5353"}) {
    CAPTURE(bad);
    CHECK(servers_of(std::string("nameserver ") + bad + "\n") == "127.0.0.1");
  }
  CHECK(servers_of("nameserver [" + std::string(300, '1') + "]:53\n") == "127.0.0.1");
}

TEST_CASE("resolv.conf: a link-local name server keeps its scope") {
  SettingsFile file("nameserver fe80::1%3\n");
  ResolverSettings settings;
  REQUIRE(read_resolver_settings(settings) == SettingsStatus::read);
  CHECK(settings.servers[0].scope_id == 3);
}

TEST_CASE("resolv.conf: the search list") {
  CHECK(domains_of("search one.test two.test\n") == "one.test two.test ");
  CHECK(domains_of("domain one.test two.test\n") == "one.test ");
  CHECK(domains_of("search one.test\nsearch two.test\n") == "two.test ");
  CHECK(domains_of("domain one.test\nsearch two.test three.test\n") == "two.test three.test ");
  CHECK(domains_of("search . one.test. \n") == "one.test ");
  CHECK(domains_of("search\n").empty());
  CHECK(domains_of("").empty());
}

TEST_CASE("resolv.conf: LOCALDOMAIN replaces the search list") {
  SettingsFile file("search one.test\n");
  setenv("LOCALDOMAIN", "two.test three.test", 1);
  ResolverSettings settings;
  REQUIRE(read_resolver_settings(settings) == SettingsStatus::read);
  CHECK(domains(settings) == "two.test three.test ");
}

TEST_CASE("resolv.conf: options, each within its bounds") {
  CHECK(numbers_of("") == "1 5 2");
  CHECK(numbers_of("options ndots:3 timeout:7 attempts:4 use-vc\n") == "3 7 4 tcp");
  CHECK(numbers_of("options ndots:0 timeout:0 attempts:0\n") == "0 1 1");
  CHECK(numbers_of("options ndots:99 timeout:999999999999 attempts:6\n") == "15 30 5");
  CHECK(numbers_of("options ndots:-1 ndots: ndots:x ndots timeout:1s rotate inet6\n") == "1 5 2");
  CHECK(numbers_of("options ndots:2\noptions timeout:3\n") == "2 3 2");
}

TEST_CASE("resolv.conf: RES_OPTIONS is added to the options") {
  CHECK(numbers_of("options ndots:2 timeout:9\n", "timeout:1 use-vc") == "2 1 2 tcp");
}

TEST_CASE("resolv.conf: comments and unknown lines are passed over") {
  CHECK(servers_of("; nameserver 192.0.2.1\n# nameserver 192.0.2.2\nsortlist 192.0.2.0\nlookup file bind\n"
                   "nameserver 192.0.2.3") == "192.0.2.3");
}

TEST_CASE("resolv.conf: without the file there are the defaults") {
  ResolverSettings settings;
  CHECK(read_resolver_settings(settings) == SettingsStatus::absent);
  CHECK(settings.server_count == 0);
  CHECK(settings.ndots == 1);
  CHECK(domains(settings).empty());
}

TEST_CASE("resolv.conf: each missing piece of memory is reported and nothing leaks") {
  SettingsFile file("search one.test two.test three.test four.test\nnameserver 192.0.2.1\n#" + std::string(2000, 'x') +
                    "\n");
  const int live = allocation::live();
  int failures = 0;
  for (int at = 1;; ++at) {
    SettingsStatus status;
    {
      ResolverSettings settings;
      allocation::fail_at(at);
      status = read_resolver_settings(settings);
      allocation::fail_at(0);
    }
    CHECK(allocation::live() == live);
    CHECK((status == SettingsStatus::out_of_memory) == allocation::failed());
    if (!allocation::failed()) break;
    ++failures;
  }
  CHECK(failures >= 2);
}

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
  const std::string name(200, 'a');
  CHECK(searched(name.c_str(), "search " + std::string(60, 'b') + " c\n") == name + ".c " + name + " " + none);
}

TEST_CASE("search: this machine's own names aren't searched for") {
  fake::host() = {};
  CHECK(searched("localhost", "search one.test\n") == "= localhost");
}
