// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Put in front of ns_parse.cpp, as Linux's <arpa/nameser.h> declares this table otherwise than musl's.
#pragma once

#include <arpa/nameser.h>

struct guest_ns_flagdata {
  int mask, shift;
};
#define _ns_flagdata guest_ns_flagdata
// gcc takes a weak constant for a local one.
#define weak used
