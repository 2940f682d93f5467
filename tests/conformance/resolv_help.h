// What resolv_test.cpp and resolv_message_test.cpp share.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <arpa/nameser.h>
#include <netdb.h>
#include <resolv.h>

#include <string>
#include <vector>

#include "net.h"

using namespace conformance;

namespace resolv {

using Bytes = std::vector<unsigned char>;

}  // namespace resolv
