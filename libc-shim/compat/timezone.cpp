// The time zone: UTC, as wasi-libc's localtime has it. TZ isn't read.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <time.h>

namespace {

char utc[] = "UTC";

}  // namespace

extern "C" {

char* tzname[2] = {utc, utc};
int daylight = 0;
long timezone = 0;

void tzset() {}

}  // extern "C"
