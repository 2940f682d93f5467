// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One traced call, from its name to the end of its line:
//
//   int WPS_TRACED(listen)(int number, int backlog) {
//     Call call("listen");
//     call.arguments(number, backlog);
//     return call.run([&] { return WPS_BELOW(listen)(number, backlog); });
//   }
//
// Prints "listen(3, 16) = 0 <0.000041> [tcp-socket.start-listen, tcp-socket.finish-listen]". Arguments that the call fills in are put
// when it has come back. A call that is about to wait shows what it has of its line before it does. errno is as the call
// left it. Calls that the library itself makes within a traced call aren't shown.
#pragma once

#include <sys/types.h>

#include "trace/line.h"

#define WPS_TRACED(name) __wrap_##name
#define WPS_BELOW(name) wps_untraced_##name

namespace posix_sockets::trace {

// What a result says.
enum class Outcome : uint8_t {
  number,    // -1: errno tells
  resolver,  // an EAI_ code
  error,     // an errno value itself
  host,      // null: h_errno tells
};

class Call {
 public:
  // `shown`: whether this call is about something of the library's.
  explicit Call(const char* name, bool shown = true, Outcome outcome = Outcome::number);
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  // Puts arguments, with commas.
  template <class... Arguments>
  void arguments(const Arguments&... values) {
    if (on_) (argument(values), ...);
  }

  // Calls `below`; `out(result)` puts the arguments that the call filled in, `after(result)` what stands behind the result.
  template <class Below, class Out, class After>
  auto run(Below below, Out out, After after) {
    if (!on_) return below();
    start();
    const auto result = below();
    stop();
    out(result);
    put_result(code_of(result));
    after(result);
    finish();
    return result;
  }
  template <class Below, class Out>
  auto run(Below below, Out out) {
    return run(below, out, [](auto) {});
  }
  template <class Below>
  auto run(Below below) {
    return run(below, [](auto) {}, [](auto) {});
  }

 private:
  template <class Argument>
  void argument(const Argument& value) {
    if (any_) put(", ");
    any_ = true;
    put(value);
  }
  static long long code_of(long long result) { return result; }
  static long long code_of(const void* result) { return result != nullptr ? 1 : 0; }

  void start();
  void stop();
  void put_result(long long code);
  void finish();

  Outcome outcome_;
  bool on_;
  bool any_ = false;
  int errno_;
  uint64_t start_ = 0;
  uint64_t end_ = 0;
};

// Whether a number stands for something that the library serves, rather than for a file.
bool is_ours(int number);

// Called by the host calls when the guest may be suspended: the line so far is shown.
void about_to_wait();

}  // namespace posix_sockets::trace
