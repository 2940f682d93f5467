// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Expectations on the result of a call, printed with the names of the errno values.
#pragma once

#include <catch_amalgamated.hpp>
#include <cerrno>
#include <cstring>
#include <string>

inline std::string errno_name(int error) {
  const char* name = strerrorname_np(error);
  return name != nullptr ? name : std::to_string(error);
}

// What a matcher saw: the value, and errno at that moment.
class ResultMatcher : public Catch::Matchers::MatcherGenericBase {
 protected:
  bool see(long long result, bool matches) const {
    seen_ = result == -1 ? "; it failed with " + errno_name(errno) : "";
    return matches;
  }
  mutable std::string seen_;
};

// -1 with errno == `error`.
class Fails : public ResultMatcher {
 public:
  explicit Fails(int error) : wanted_(error) {}
  bool match(long long result) const { return see(result, result == -1 && errno == wanted_); }
  std::string describe() const override { return "should fail with " + errno_name(wanted_) + seen_; }

 private:
  int wanted_;
};

// Exactly `value`.
class Returns : public ResultMatcher {
 public:
  explicit Returns(long long value) : wanted_(value) {}
  bool match(long long result) const { return see(result, result == wanted_); }
  std::string describe() const override { return "should be " + std::to_string(wanted_) + seen_; }

 private:
  long long wanted_;
};

// Anything but -1.
class Succeeds : public ResultMatcher {
 public:
  bool match(long long result) const { return see(result, result != -1); }
  std::string describe() const override { return "should succeed" + seen_; }
};
