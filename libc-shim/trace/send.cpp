// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// write, writev, send, sendto, sendmsg, sendmmsg, sendfile.
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "support/pointer.h"
#include "trace/below.h"
#include "trace/call.h"
#include "trace/names.h"
#include "trace/values.h"

namespace posix_sockets::trace {

struct SentMessages {
  const mmsghdr* messages;
  unsigned count;
};
static void put(SentMessages list) {
  constexpr unsigned most = 4;
  if (list.count > 1024 || !accessible(list.messages, list.count * sizeof(mmsghdr))) return put(Pointer{list.messages});
  put('[');
  for (unsigned i = 0; i < list.count && i < most; ++i) {
    put(i == 0 ? "{msg_hdr=" : ", {msg_hdr=");
    put(Message{&list.messages[i].msg_hdr, SIZE_MAX, false});
    put('}');
  }
  put(list.count > most ? ", ...]" : "]");
}

static Flags message_bits(int flags) { return {message_flags, static_cast<uint32_t>(flags)}; }

}  // namespace posix_sockets::trace

using namespace posix_sockets::trace;

extern "C" {

ssize_t WPS_BELOW(write)(int, const void*, size_t);
ssize_t WPS_TRACED(write)(int number, const void* buffer, size_t size) {
  Call call("write", is_ours(number));
  call.arguments(number, Data{buffer, size}, size);
  return call.run([&] { return WPS_BELOW(write)(number, buffer, size); });
}

ssize_t WPS_BELOW(writev)(int, const iovec*, int);
ssize_t WPS_TRACED(writev)(int number, const iovec* vector, int count) {
  Call call("writev", is_ours(number));
  call.arguments(number, Vector{vector, count, SIZE_MAX}, count);
  return call.run([&] { return WPS_BELOW(writev)(number, vector, count); });
}

ssize_t WPS_BELOW(send)(int, const void*, size_t, int);
ssize_t WPS_TRACED(send)(int number, const void* buffer, size_t size, int flags) {
  Call call("send");
  call.arguments(number, Data{buffer, size}, size, message_bits(flags));
  return call.run([&] { return WPS_BELOW(send)(number, buffer, size, flags); });
}

ssize_t WPS_BELOW(sendto)(int, const void*, size_t, int, const sockaddr*, socklen_t);
ssize_t WPS_TRACED(sendto)(int number, const void* buffer, size_t size, int flags, const sockaddr* address,
                           socklen_t length) {
  Call call("sendto");
  call.arguments(number, Data{buffer, size}, size, message_bits(flags), Address{address, length}, length);
  return call.run([&] { return WPS_BELOW(sendto)(number, buffer, size, flags, address, length); });
}

ssize_t WPS_BELOW(sendmsg)(int, const msghdr*, int);
ssize_t WPS_TRACED(sendmsg)(int number, const msghdr* message, int flags) {
  Call call("sendmsg");
  call.arguments(number, Message{message, SIZE_MAX, false}, message_bits(flags));
  return call.run([&] { return WPS_BELOW(sendmsg)(number, message, flags); });
}

int WPS_BELOW(sendmmsg)(int, mmsghdr*, unsigned, unsigned);
int WPS_TRACED(sendmmsg)(int number, mmsghdr* messages, unsigned count, unsigned flags) {
  Call call("sendmmsg");
  call.arguments(number, SentMessages{messages, count}, count, message_bits(static_cast<int>(flags)));
  return call.run([&] { return WPS_BELOW(sendmmsg)(number, messages, count, flags); });
}

ssize_t WPS_BELOW(sendfile)(int, int, off_t*, size_t);
ssize_t WPS_TRACED(sendfile)(int out, int in, off_t* offset, size_t count) {
  Call call("sendfile", is_ours(out));
  const bool has_offset = offset != nullptr && posix_sockets::accessible(offset);
  const off_t before = has_offset ? *offset : 0;
  call.arguments(out, in);
  return call.run([&] { return WPS_BELOW(sendfile)(out, in, offset, count); },
                  [&](ssize_t) {
                    if (has_offset) {
                      call.arguments(before);
                    } else {
                      call.arguments(Pointer{offset});
                    }
                    call.arguments(count);
                  });
}

// Named plainly, so that the linker knows them: see below.h.
void wps_trace_name_send() {
  (void)sendmmsg(0, nullptr, 0, 0);
  (void)sendfile(0, 0, nullptr, 0);
}
}
