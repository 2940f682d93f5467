// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the fake resolver of tests/unit/names needs of Catch2, for a program that runs no cases.
#pragma once

#include <cstdlib>

#define REQUIRE(condition) ((condition) ? (void)0 : std::abort())
#define INFO(text) ((void)(text))
