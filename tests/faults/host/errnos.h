// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <set>
#include <string>

namespace faults {

// The names of those that a function's documentation in libc-shim/api has.
std::set<std::string> documented_errnos(const std::string& function);

}  // namespace faults
