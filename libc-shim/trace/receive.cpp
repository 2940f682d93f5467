// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// read, readv, recv, recvfrom, recvmsg, recvmmsg. What came shows when the call is back.
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "support/pointer.h"
#include "trace/below.h"
#include "trace/call.h"
#include "trace/names.h"
#include "trace/values.h"

namespace posix_sockets::trace {

// What a call put into a buffer: with MSG_TRUNC the result can be more than there was room for.
struct Received {
  const void* buffer;
  size_t room;
  ssize_t result;
};
static void put(Received data) {
  if (data.result < 0) return put(Pointer{data.buffer});
  const auto size = static_cast<size_t>(data.result);
  put(Data{data.buffer, size < data.room ? size : data.room});
}

struct Messages {
  const mmsghdr* messages;
  int count;
};
static void put(Messages list) {
  constexpr int most = 4;
  if (list.count < 0 || !accessible(list.messages, static_cast<size_t>(list.count) * sizeof(mmsghdr)))
    return put(Pointer{list.messages});
  put('[');
  for (int i = 0; i < list.count && i < most; ++i) {
    put(i == 0 ? "{msg_hdr=" : ", {msg_hdr=");
    put(Message{&list.messages[i].msg_hdr, list.messages[i].msg_len, true});
    put(", msg_len=");
    put(list.messages[i].msg_len);
    put('}');
  }
  put(list.count > most ? ", ...]" : "]");
}

static Flags message_bits(int flags) { return {message_flags, static_cast<uint32_t>(flags)}; }
static size_t count_of(ssize_t result) { return result < 0 ? 0 : static_cast<size_t>(result); }

}  // namespace posix_sockets::trace

using namespace posix_sockets::trace;

extern "C" {

ssize_t WPS_BELOW(read)(int, void*, size_t);
ssize_t WPS_TRACED(read)(int number, void* buffer, size_t size) {
  Call call("read", is_ours(number));
  call.arguments(number);
  return call.run([&] { return WPS_BELOW(read)(number, buffer, size); },
                  [&](ssize_t result) { call.arguments(Received{buffer, size, result}, size); });
}

ssize_t WPS_BELOW(readv)(int, const iovec*, int);
ssize_t WPS_TRACED(readv)(int number, const iovec* vector, int count) {
  Call call("readv", is_ours(number));
  call.arguments(number);
  return call.run([&] { return WPS_BELOW(readv)(number, vector, count); },
                  [&](ssize_t result) { call.arguments(Vector{vector, count, count_of(result)}, count); });
}

ssize_t WPS_BELOW(recv)(int, void*, size_t, int);
ssize_t WPS_TRACED(recv)(int number, void* buffer, size_t size, int flags) {
  Call call("recv");
  call.arguments(number);
  return call.run([&] { return WPS_BELOW(recv)(number, buffer, size, flags); },
                  [&](ssize_t result) { call.arguments(Received{buffer, size, result}, size, message_bits(flags)); });
}

ssize_t WPS_BELOW(recvfrom)(int, void*, size_t, int, sockaddr*, socklen_t*);
ssize_t WPS_TRACED(recvfrom)(int number, void* buffer, size_t size, int flags, sockaddr* address, socklen_t* length) {
  Call call("recvfrom");
  call.arguments(number);
  const FilledAddress filled(address, length);
  return call.run([&] { return WPS_BELOW(recvfrom)(number, buffer, size, flags, address, length); },
                  [&](ssize_t result) {
                    call.arguments(Received{buffer, size, result}, size, message_bits(flags),
                                   FilledAddressResult{filled, result < 0});
                  });
}

ssize_t WPS_BELOW(recvmsg)(int, msghdr*, int);
ssize_t WPS_TRACED(recvmsg)(int number, msghdr* message, int flags) {
  Call call("recvmsg");
  call.arguments(number);
  return call.run([&] { return WPS_BELOW(recvmsg)(number, message, flags); },
                  [&](ssize_t result) {
                    if (result < 0) {
                      call.arguments(Pointer{message}, message_bits(flags));
                    } else {
                      call.arguments(Message{message, count_of(result), true}, message_bits(flags));
                    }
                  });
}

int WPS_BELOW(recvmmsg)(int, mmsghdr*, unsigned, unsigned, timespec*);
int WPS_TRACED(recvmmsg)(int number, mmsghdr* messages, unsigned count, unsigned flags, timespec* timeout) {
  Call call("recvmmsg");
  call.arguments(number);
  return call.run([&] { return WPS_BELOW(recvmmsg)(number, messages, count, flags, timeout); },
                  [&](int result) {
                    call.arguments(Messages{messages, result}, count, message_bits(static_cast<int>(flags)),
                                   TimeSpec{timeout});
                  });
}

// Named plainly, so that the linker knows it: see below.h.
void wps_trace_name_recvmmsg() { (void)recvmmsg(0, nullptr, 0, 0, nullptr); }
}
