// The destination address selection of RFC 6724, with the examples of its section 10.2.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/sort.h"

#include <catch_amalgamated.hpp>
#include <string>
#include <utility>
#include <vector>

#include "fake_resolver.h"

using namespace posix_sockets;

namespace {

// Destinations, each with the source it would get ("": unreachable), sorted from either order. The order of the answer.
std::vector<std::string> sorted(std::vector<std::pair<const char*, const char*>> pairs) {
  std::vector<std::string> results[2];
  for (auto& result : results) {
    std::vector<Candidate> candidates;
    for (auto [destination, source] : pairs) {
      Candidate candidate;
      candidate.destination = fake::address(destination);
      candidate.reachable = *source != '\0';
      if (candidate.reachable) candidate.source = fake::address(source);
      candidates.push_back(candidate);
    }
    sort_destinations(candidates.data(), candidates.size());
    for (const Candidate& candidate : candidates) result.push_back(fake::text(candidate.destination));
    std::reverse(pairs.begin(), pairs.end());
  }
  CHECK(results[0] == results[1]);
  return results[0];
}

using Order = std::vector<std::string>;

}  // namespace

TEST_CASE("sort: prefers a matching scope") {
  CHECK(sorted({{"2001:db8:1::1", "2001:db8:1::2"}, {"198.51.100.121", "169.254.13.78"}}) ==
        Order{"2001:db8:1::1", "198.51.100.121"});
  CHECK(sorted({{"2001:db8:1::1", "fe80::1"}, {"198.51.100.121", "198.51.100.117"}}) ==
        Order{"198.51.100.121", "2001:db8:1::1"});
}

TEST_CASE("sort: prefers the higher precedence") {
  CHECK(sorted({{"2001:db8:1::1", "2001:db8:1::2"}, {"10.1.2.3", "10.1.2.4"}}) == Order{"2001:db8:1::1", "10.1.2.3"});
  CHECK(sorted({{"2002:c633:6401::1", "2002:c633:6401::2"}, {"2001:db8:1::1", "2001:db8:1::2"}}) ==
        Order{"2001:db8:1::1", "2002:c633:6401::1"});
}

TEST_CASE("sort: prefers the smaller scope") {
  CHECK(sorted({{"2001:db8:1::1", "2001:db8:1::2"}, {"fe80::1", "fe80::2"}}) == Order{"fe80::1", "2001:db8:1::1"});
}

TEST_CASE("sort: prefers the longer matching prefix") {
  CHECK(sorted({{"2001:db8:1::1", "2001:db8:1::2"}, {"2001:db8:3ffe::1", "2001:db8:3f44::2"}}) ==
        Order{"2001:db8:1::1", "2001:db8:3ffe::1"});
}

TEST_CASE("sort: prefers a matching label") {
  CHECK(sorted({{"2002:c633:6401::1", "2002:c633:6401::2"}, {"2001:db8:1::1", "2002:c633:6401::2"}}) ==
        Order{"2002:c633:6401::1", "2001:db8:1::1"});
}

TEST_CASE("sort: avoids what can't be reached") {
  CHECK(sorted({{"2001:db8:1::1", ""}, {"198.51.100.121", "198.51.100.117"}}) ==
        Order{"198.51.100.121", "2001:db8:1::1"});
  CHECK(sorted({{"fe80::1", ""}, {"2001:db8:1::1", "2002:c633:6401::2"}}) == Order{"2001:db8:1::1", "fe80::1"});
}

TEST_CASE("sort: IPv6 loopback before IPv4 loopback") {
  CHECK(sorted({{"127.0.0.1", "127.0.0.1"}, {"::1", "::1"}}) == Order{"::1", "127.0.0.1"});
  CHECK(sorted({{"127.0.0.1", "127.0.0.1"}, {"::1", ""}}) == Order{"127.0.0.1", "::1"});
}

TEST_CASE("sort: without any source the precedence decides") {
  CHECK(sorted({{"198.51.100.121", ""}, {"2001:db8:1::1", ""}}) == Order{"2001:db8:1::1", "198.51.100.121"});
}

TEST_CASE("sort: unique local addresses before IPv4 from one of their own, as glibc has it") {
  CHECK(sorted({{"fc00:1::1", "2001:db8:1::2"}, {"198.51.100.121", "198.51.100.117"}}) ==
        Order{"198.51.100.121", "fc00:1::1"});
  CHECK(sorted({{"fc00:1::1", "fc00:1::2"}, {"198.51.100.121", "198.51.100.117"}}) ==
        Order{"fc00:1::1", "198.51.100.121"});
}

TEST_CASE("sort: of the obsolete ranges only 6to4 and compatible addresses come later") {
  CHECK(sorted({{"2002:c633:6401::1", "2002:c633:6401::2"}, {"2001::1", "2001::2"}, {"::1.2.3.4", "::1.2.3.5"}}) ==
        Order{"2001::1", "2002:c633:6401::1", "::1.2.3.4"});
}

TEST_CASE("sort: the scopes of IPv4") {
  CHECK(sorted({{"192.0.2.1", "192.0.2.2"}, {"127.0.0.1", "127.0.0.1"}, {"169.254.1.1", "169.254.1.2"}}) ==
        Order{"127.0.0.1", "169.254.1.1", "192.0.2.1"});
  CHECK(sorted({{"192.0.2.1", "192.0.2.2"}, {"169.254.1.1", "192.0.2.2"}}) == Order{"192.0.2.1", "169.254.1.1"});
}

TEST_CASE("sort: IPv4 addresses of the source's network before others, and the nearest first") {
  CHECK(sorted({{"198.51.100.1", "192.0.2.2"}, {"192.0.2.77", "192.0.2.2"}, {"192.0.2.3", "192.0.2.2"}}) ==
        Order{"192.0.2.3", "192.0.2.77", "198.51.100.1"});
  CHECK(sorted({{"127.5.0.1", "127.0.0.1"}, {"127.0.0.3", "127.0.0.1"}}) == Order{"127.0.0.3", "127.5.0.1"});
}

TEST_CASE("sort: IPv4 addresses of other networks keep their order") {
  std::vector<Candidate> candidates(5);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    candidates[i].destination = fake::address(("192.0." + std::to_string(100 - i * 7) + ".1").c_str());
    candidates[i].source = fake::address("192.0.2.100");
    candidates[i].reachable = true;
  }
  const std::vector<Candidate> before = candidates;
  sort_destinations(candidates.data(), candidates.size());
  for (std::size_t i = 0; i < candidates.size(); ++i) CHECK(candidates[i].destination == before[i].destination);
}

TEST_CASE("sort: an answer of a hostile server, with more addresses than one would compare with each other") {
  constexpr std::size_t many = 50000;
  std::vector<Candidate> candidates(many);
  for (std::size_t i = 0; i < many; ++i) {
    candidates[i].destination = fake::address(i % 2 == 0 ? "198.51.100.1" : "192.0.2.77");
    candidates[i].destination.port = static_cast<std::uint16_t>(i);
    candidates[i].source = fake::address("192.0.2.100");
    candidates[i].reachable = true;
  }
  REQUIRE(sort_destinations(candidates.data(), candidates.size()));
  bool ordered = true;
  for (std::size_t i = 0; i < many; ++i)
    ordered &=
        candidates[i].destination.port == static_cast<std::uint16_t>(i < many / 2 ? 2 * i + 1 : 2 * (i - many / 2));
  CHECK(ordered);
}

TEST_CASE("sort: nothing and one") {
  CHECK(sort_destinations(nullptr, 0));
  CHECK(sorted({{"192.0.2.1", ""}}) == Order{"192.0.2.1"});
}
