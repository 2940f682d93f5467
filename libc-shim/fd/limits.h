// The size of the descriptor space, as open files count towards RLIMIT_NOFILE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

// One more than the highest descriptor number that the library gives out; a program can lower that with setrlimit.
inline constexpr int descriptor_limit = 16384;
