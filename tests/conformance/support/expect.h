// Expectations on the result of a POSIX call, printed with the names of the errno values.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <catch_amalgamated.hpp>

#include <cerrno>
#include <string>

#include "errno_name.h"

namespace conformance {

/// Matches -1 with errno == `error`.
class Fails : public Catch::Matchers::MatcherGenericBase {
 public:
  explicit Fails(int error) : wanted_(error) {}

  bool match(long long result) const {
    seen_ = errno;
    return result == -1 && seen_ == wanted_;
  }

  std::string describe() const override;

 private:
  int wanted_;
  mutable int seen_ = 0;
};

/// Matches any result but -1.
class Succeeds : public Catch::Matchers::MatcherGenericBase {
 public:
  bool match(long long result) const {
    seen_ = errno;
    return result != -1;
  }

  std::string describe() const override;

 private:
  mutable int seen_ = 0;
};

/// Matches exactly `value`.
class Returns : public Catch::Matchers::MatcherGenericBase {
 public:
  explicit Returns(long long value) : wanted_(value) {}

  bool match(long long result) const {
    seen_ = errno;
    failed_ = result == -1;
    return result == wanted_;
  }

  std::string describe() const override;

 private:
  long long wanted_;
  mutable int seen_ = 0;
  mutable bool failed_ = false;
};

}  // namespace conformance

// The same with less ceremony, as nearly every line of a case is one of these.
#define REQUIRE_OK(call) REQUIRE_THAT(call, ::conformance::Succeeds())
#define CHECK_OK(call) CHECK_THAT(call, ::conformance::Succeeds())
#define REQUIRE_FAILS(call, error) REQUIRE_THAT(call, ::conformance::Fails(error))
#define CHECK_FAILS(call, error) CHECK_THAT(call, ::conformance::Fails(error))
#define REQUIRE_RETURNS(call, value) REQUIRE_THAT(call, ::conformance::Returns(value))
#define CHECK_RETURNS(call, value) CHECK_THAT(call, ::conformance::Returns(value))

// One case for each address family; the body finds it as `int family`.
#define CONFORMANCE_JOIN2(a, b) a##b
#define CONFORMANCE_JOIN(a, b) CONFORMANCE_JOIN2(a, b)
#define FAMILY_CASE(name)                                                            \
  static void CONFORMANCE_JOIN(family_case_, __LINE__)([[maybe_unused]] int family); \
  TEST_CASE(name " (IPv4)") { CONFORMANCE_JOIN(family_case_, __LINE__)(AF_INET); }   \
  TEST_CASE(name " (IPv6)") { CONFORMANCE_JOIN(family_case_, __LINE__)(AF_INET6); }  \
  static void CONFORMANCE_JOIN(family_case_, __LINE__)([[maybe_unused]] int family)

// A deliberate difference from Linux. The reason is collected from the source into differences.md.
#ifdef __wasi__
#define DIFFERS_ON_WASI(reason, on_linux, on_wasi) (on_wasi)
#else
#define DIFFERS_ON_WASI(reason, on_linux, on_wasi) (on_linux)
#endif
