// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is kept of the host calls, and what a denial means.
#include <string.h>

#include "trace/host_calls.h"
#include "trace/line.h"
#include "wit-bindings/0.2/error_code.h"

namespace posix_sockets::trace::host_calls {
namespace {

struct Record {
  const char* name;
  const char* outcome;
  long long value;
  unsigned times;
};
constexpr unsigned most = 24;
Record records[most];
unsigned count;
unsigned lost;  // beyond the room
bool recording;

// In the order of wasi::ErrorCode, spelt as in the WIT.
constexpr const char* error_names[] = {
    "unknown",
    "access-denied",
    "not-supported",
    "invalid-argument",
    "out-of-memory",
    "timeout",
    "concurrency-conflict",
    "not-in-progress",
    "would-block",
    "invalid-state",
    "new-socket-limit",
    "address-not-bindable",
    "address-in-use",
    "remote-unreachable",
    "connection-refused",
    "connection-reset",
    "connection-aborted",
    "datagram-too-large",
    "name-unresolvable",
    "temporary-resolver-failure",
    "permanent-resolver-failure",
};
static_assert(sizeof error_names / sizeof *error_names == wasi::error_code_count);

// What a runtime must grant, by the import that says it isn't granted. The first prefix that fits counts.
struct Grant {
  const char* import;
  const char* flags;
};
constexpr Grant grants[] = {
    {"create-tcp-socket", "-S tcp -S inherit-network"},
    {"create-udp-socket", "-S udp -S inherit-network"},
    {"resolve-address", "-S allow-ip-name-lookup"},
    {"", "-S inherit-network"},
};
constexpr unsigned grant_count = sizeof grants / sizeof *grants;
bool pending[grant_count];
bool told[grant_count];

bool is_denial(const char* name, wasi::ErrorCode error) {
  if (error == wasi::ErrorCode::access_denied) return true;
  // wasmtime's answer to a look-up that isn't granted.
  return error == wasi::ErrorCode::permanent_resolver_failure && strncmp(name, "resolve-address", 15) == 0;
}

void note_denial(const char* name) {
  for (unsigned i = 0; i < grant_count; ++i) {
    if (strncmp(name, grants[i].import, strlen(grants[i].import)) != 0) continue;
    pending[i] = true;
    return;
  }
}

}  // namespace

void begin() {
  count = lost = 0;
  recording = true;
}
void end() { recording = false; }

void record(const char* name, const char* outcome, long long value) {
  if (!recording) return;
  if (count != 0) {
    Record& last = records[count - 1];
    if (last.name == name && last.outcome == outcome && last.value == value) {
      ++last.times;
      return;
    }
  }
  if (count == most) {
    ++lost;
    return;
  }
  records[count++] = {name, outcome, value, 1};
}

void record_result(const char* name, uint8_t is_error, uint8_t error, long long value) {
  if (!recording) return;
  if (is_error == 0) return record(name, nullptr, value);
  if (error >= wasi::error_code_count) error = 0;
  if (is_denial(name, static_cast<wasi::ErrorCode>(error))) note_denial(name);
  record(name, error_names[error]);
}

void put_recorded() {
  for (unsigned i = 0; i < count; ++i) {
    const Record& entry = records[i];
    put(i == 0 ? " [" : ", ");
    put(entry.name);
    if (entry.outcome != nullptr) {
      put(" = ");
      put(entry.outcome);
    } else if (entry.value != no_value) {
      put(" = ");
      put(entry.value);
    }
    if (entry.times != 1) {
      put(" x");
      put(entry.times);
    }
  }
  if (lost != 0) {
    put(", and ");
    put(lost);
    put(" more");
  }
  if (count != 0) put(']');
}

void put_hint() {
  for (unsigned i = 0; i < grant_count; ++i) {
    if (!pending[i] || told[i]) continue;
    told[i] = true;
    put("# The host denied this. It is granted by: wasmtime run ");
    put(grants[i].flags);
    put(" (wasi-posix-run: without --no-network and WASI_POSIX_NETWORK=off)\n");
  }
}

}  // namespace posix_sockets::trace::host_calls
