// The name of an errno value, "EINVAL" for instance.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>

namespace conformance {

std::string errno_name(int error);

}  // namespace conformance
