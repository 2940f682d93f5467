// resolv.conf: name servers, options, and what replaces them.
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
  CHECK(domains_of("search . one.test. \n") == ". one.test. ");
  CHECK(domains_of("search one.test\nsearch\nsearch \ndomain\t\n") == "one.test ");
  CHECK(domains_of("search one.test#no comment;\n") == "one.test#no comment; ");
  CHECK(domains_of("search\n").empty());
  CHECK(domains_of("").empty());
}

TEST_CASE("resolv.conf: LOCALDOMAIN replaces the search list") {
  SettingsFile file("search one.test\n");
  setenv("LOCALDOMAIN", "two.test three.test", 1);
  ResolverSettings settings;
  REQUIRE(read_resolver_settings(settings) == SettingsStatus::read);
  CHECK(domains(settings) == "two.test three.test ");
  setenv("LOCALDOMAIN", "\tfour.test\nfive.test", 1);
  ResolverSettings others;
  REQUIRE(read_resolver_settings(others) == SettingsStatus::read);
  CHECK(domains(others) == ". four.test ");
  setenv("LOCALDOMAIN", "", 1);
  ResolverSettings none_at_all;
  REQUIRE(read_resolver_settings(none_at_all) == SettingsStatus::read);
  CHECK(domains(none_at_all).empty());
}

TEST_CASE("resolv.conf: options, each within its bounds") {
  CHECK(numbers_of("") == "1 5 2");
  CHECK(numbers_of("options ndots:3 timeout:7 attempts:4 use-vc\n") == "3 7 4 tcp");
  CHECK(numbers_of("options ndots:0 timeout:0 attempts:0\n") == "0 0 0");
  CHECK(numbers_of("options ndots:99 timeout:999999999 attempts:6\n") == "15 30 5");
  CHECK(numbers_of("options ndots timeout:1s, attempts:3x rotate inet6\n") == "1 1 3");
  CHECK(numbers_of("options ndots:x timeout: attempts:-1\n") == "0 0 -1");
  CHECK(numbers_of("options ndots:-1 timeout:4294967297\n") == "15 1 2");
  CHECK(numbers_of("options timeout:99999999999999999999 attempts:-99999999999999999999\n") == "1 -1 0");
  CHECK(numbers_of("options ndots:2\noptions timeout:3\n") == "2 3 2");
}

TEST_CASE("resolv.conf: options that are bits, known by how they begin") {
  const auto bits = [](const char* text) {
    SettingsFile file(std::string("options ") + text + "\n");
    ResolverSettings settings;
    REQUIRE(read_resolver_settings(settings) == SettingsStatus::read);
    return settings.options;
  };
  CHECK(bits("rotate edns0") == (RES_ROTATE | RES_USE_EDNS0));
  CHECK(bits("single-request") == RES_SNGLKUP);
  CHECK(bits("single-request-reopen") == RES_SNGLKUPREOP);
  CHECK(bits("no-tld-query,rotate") == RES_NOTLDQUERY);
  CHECK(bits("no_tld_query\tno-reload trust-ad no-aaaa") == (RES_NOTLDQUERY | RES_NORELOAD | RES_TRUSTAD | RES_NOAAAA));
  CHECK(bits("#rotate xedns0 Rotate debug") == 0);
}

TEST_CASE("resolv.conf: the keyword stands at the line's begin, and what is no address is no server") {
  CHECK(servers_of(" nameserver 192.0.2.1\nnameserver\t192.0.2.2\nNameserver 192.0.2.3\nnameservers 192.0.2.4\n") ==
        "192.0.2.2");
  CHECK(servers_of("nameserver 192.0.2.1\r\nnameserver 192.0.2.2#x\nnameserver 192.0.2.3 x") == "192.0.2.3");
  CHECK(servers_of("nameserver fe80::1%nosuch\n") == "fe80::1");
}

TEST_CASE("resolv.conf: sortlist") {
  SettingsFile file("sortlist 130.155.160.0/255.255.240.0 130.155.0.0 10.1.0.0&255.255.0.0 x 10.0.0.0/x;192.0.2.0\n");
  ResolverSettings settings;
  REQUIRE(read_resolver_settings(settings) == SettingsStatus::read);
  REQUIRE(settings.sort_rule_count == 4);
  CHECK(settings.sort_rules[1].mask == 0xffff0000);
  CHECK(settings.sort_rules[3].mask == 0xff000000);
  CHECK(sort_place(settings, fake::address("130.155.161.1")) == 0);
  CHECK(sort_place(settings, fake::address("10.1.9.9")) == 2);
  CHECK(sort_place(settings, fake::address("192.0.2.1")) == 4);
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
  setenv("LOCALDOMAIN", "one.test", 1);
  CHECK(read_resolver_settings(settings) == SettingsStatus::absent);
  CHECK(domains(settings) == "one.test ");
  unsetenv("LOCALDOMAIN");
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
