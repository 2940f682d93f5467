// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// close, dup, dup2, dup3, fcntl, ioctl: shown for what the library serves, not for files.
#include <fcntl.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "support/pointer.h"
#include "trace/below.h"
#include "trace/call.h"
#include "trace/names.h"

namespace posix_sockets::trace {

// An int that an ioctl takes or fills in.
struct Integer {
  const void* value;
};
static void put(Integer integer) {
  if (integer.value == nullptr || !accessible(integer.value, sizeof(int))) return put(Pointer{integer.value});
  put('[');
  put(*static_cast<const int*>(integer.value));
  put(']');
}

static Flags open_bits(long flags) { return {open_flags, static_cast<uint32_t>(flags)}; }

}  // namespace posix_sockets::trace

using namespace posix_sockets::trace;

extern "C" {

int WPS_BELOW(close)(int);
int WPS_TRACED(close)(int number) {
  Call call("close", is_ours(number));
  call.arguments(number);
  return call.run([&] { return WPS_BELOW(close)(number); });
}

int WPS_BELOW(dup)(int);
int WPS_TRACED(dup)(int number) {
  Call call("dup", is_ours(number));
  call.arguments(number);
  return call.run([&] { return WPS_BELOW(dup)(number); });
}

int WPS_BELOW(dup2)(int, int);
int WPS_TRACED(dup2)(int from, int to) {
  Call call("dup2", is_ours(from) || is_ours(to));
  call.arguments(from, to);
  return call.run([&] { return WPS_BELOW(dup2)(from, to); });
}

int WPS_BELOW(dup3)(int, int, int);
int WPS_TRACED(dup3)(int from, int to, int flags) {
  Call call("dup3", is_ours(from) || is_ours(to));
  call.arguments(from, to, open_bits(flags));
  return call.run([&] { return WPS_BELOW(dup3)(from, to, flags); });
}

int WPS_BELOW(fcntl)(int, int, ...);
int WPS_TRACED(fcntl)(int number, int command, ...) {
  va_list list;
  va_start(list, command);
  const long argument = va_arg(list, long);
  va_end(list);
  Call call("fcntl", is_ours(number));
  call.arguments(number, Named{fcntl_commands, command});
  switch (command) {
    case F_GETFD:
    case F_GETFL:
    case F_GETOWN:
    case F_GETPIPE_SZ:
      break;
    case F_SETFL:
      call.arguments(open_bits(argument));
      break;
    case F_SETFD:
      if (argument == FD_CLOEXEC) {
        call.arguments("FD_CLOEXEC");
        break;
      }
      [[fallthrough]];
    default:
      call.arguments(argument);
  }
  return call.run([&] { return WPS_BELOW(fcntl)(number, command, argument); }, [](int) {},
                  [&](int result) {
                    if (command != F_GETFL || result < 0) return;
                    put(" (");
                    put(open_bits(result));
                    put(')');
                  });
}

int WPS_BELOW(ioctl)(int, int, ...);
int WPS_TRACED(ioctl)(int number, int request, ...) {
  va_list list;
  va_start(list, request);
  void* argument = va_arg(list, void*);
  va_end(list);
  Call call("ioctl", is_ours(number));
  call.arguments(number, Named{ioctl_requests, request});
  if (request == FIONBIO) call.arguments(Integer{argument});
  return call.run([&] { return WPS_BELOW(ioctl)(number, request, argument); },
                  [&](int result) {
                    if (request == FIONBIO) return;
                    if ((request == FIONREAD || request == TIOCOUTQ || request == SIOCATMARK) && result == 0) {
                      call.arguments(Integer{argument});
                    } else {
                      call.arguments(Pointer{argument});
                    }
                  });
}
}
