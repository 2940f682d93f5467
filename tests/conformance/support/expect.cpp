// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "expect.h"

namespace conformance {

std::string Fails::describe() const {
  return "fails with " + errno_name(wanted_) + " (errno was " + errno_name(seen_) + ")";
}

std::string Succeeds::describe() const { return "succeeds (errno was " + errno_name(seen_) + ")"; }

std::string Returns::describe() const {
  std::string text = "is " + std::to_string(wanted_);
  if (failed_) text += " (errno was " + errno_name(seen_) + ")";
  return text;
}

}  // namespace conformance
