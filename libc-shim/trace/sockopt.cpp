// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// getsockopt, setsockopt.
#include <sys/socket.h>

#include "support/pointer.h"
#include "trace/below.h"
#include "trace/call.h"
#include "trace/values.h"

namespace posix_sockets::trace {

// A value that was filled in, and its length.
struct FilledOption {
  OptionValue value;  // with the room that there was
  const socklen_t* length;
  bool failed;
};
static void put(FilledOption option) {
  const bool has_length = option.length != nullptr && accessible(option.length);
  const size_t length = has_length ? *option.length : 0;
  const size_t room = option.value.length;
  if (option.failed) {
    put(Pointer{option.value.value});
  } else {
    option.value.length = length < room ? length : room;
    put(option.value);
  }
  put(", ");
  if (!has_length) return put(Pointer{option.length});
  put('[');
  put(room);
  if (length != room) {
    put(" => ");
    put(length);
  }
  put(']');
}

}  // namespace posix_sockets::trace

using namespace posix_sockets::trace;

extern "C" {

int WPS_BELOW(getsockopt)(int, int, int, void*, socklen_t*);
int WPS_TRACED(getsockopt)(int number, int level, int name, void* value, socklen_t* length) {
  Call call("getsockopt");
  call.arguments(number, OptionName{level, name});
  const size_t room = length != nullptr && posix_sockets::accessible(length) ? *length : 0;
  return call.run([&] { return WPS_BELOW(getsockopt)(number, level, name, value, length); },
                  [&](int result) { call.arguments(FilledOption{{level, name, value, room}, length, result < 0}); });
}

int WPS_BELOW(setsockopt)(int, int, int, const void*, socklen_t);
int WPS_TRACED(setsockopt)(int number, int level, int name, const void* value, socklen_t length) {
  Call call("setsockopt");
  call.arguments(number, OptionName{level, name}, OptionValue{level, name, value, length}, length);
  return call.run([&] { return WPS_BELOW(setsockopt)(number, level, name, value, length); });
}
}
