// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The host calls behind a traced call: wasm-ld --wrap puts a function of host_calls.cpp before each import.
#pragma once

#include <stdint.h>

namespace posix_sockets::trace::host_calls {

// Records from here on, and stops.
void begin();
void end();

// " [name, name = outcome, name x3]", or nothing if there were none.
void put_recorded();

// A line for each thing that the host denied for the first time: which flag of the runtime grants it.
void put_hint();

// The monotonic clock, unrecorded.
uint64_t now();

// ---- for host_calls.cpp

constexpr long long no_value = -1;

void record(const char* name, const char* outcome = nullptr, long long value = no_value);
// The outcome of a result<_, error-code>.
void record_result(const char* name, uint8_t is_error, uint8_t error, long long value = no_value);

}  // namespace posix_sockets::trace::host_calls
