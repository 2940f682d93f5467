// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// socket, bind, listen, accept, connect, shutdown, getsockname, getpeername.
#include <sys/socket.h>

#include "trace/below.h"
#include "trace/call.h"
#include "trace/names.h"
#include "trace/values.h"

using namespace posix_sockets::trace;

namespace {

// A call that gives an address: number, address, length.
template <class Below>
int with_filled_address(const char* name, int number, sockaddr* address, socklen_t* length, Below below) {
  Call call(name);
  call.arguments(number);
  const FilledAddress filled(address, length);
  return call.run(below, [&](int result) { call.arguments(FilledAddressResult{filled, result < 0}); });
}

}  // namespace

extern "C" {

int WPS_BELOW(socket)(int, int, int);
int WPS_TRACED(socket)(int domain, int type, int protocol) {
  Call call("socket");
  call.arguments(Named{families, domain}, SocketTypes{type}, Named{protocols, protocol});
  return call.run([&] { return WPS_BELOW(socket)(domain, type, protocol); });
}

int __posix_sockets_any(int domain, int type, int protocol) { return WPS_TRACED(socket)(domain, type, protocol); }
int __posix_sockets_tcp(int domain, int type, int protocol) { return WPS_TRACED(socket)(domain, type, protocol); }
int __posix_sockets_udp(int domain, int type, int protocol) { return WPS_TRACED(socket)(domain, type, protocol); }

int WPS_BELOW(bind)(int, const sockaddr*, socklen_t);
int WPS_TRACED(bind)(int number, const sockaddr* address, socklen_t length) {
  Call call("bind");
  call.arguments(number, Address{address, length}, length);
  return call.run([&] { return WPS_BELOW(bind)(number, address, length); });
}

int WPS_BELOW(listen)(int, int);
int WPS_TRACED(listen)(int number, int backlog) {
  Call call("listen");
  call.arguments(number, backlog);
  return call.run([&] { return WPS_BELOW(listen)(number, backlog); });
}

int WPS_BELOW(accept)(int, sockaddr*, socklen_t*);
int WPS_TRACED(accept)(int number, sockaddr* address, socklen_t* length) {
  return with_filled_address("accept", number, address, length,
                             [&] { return WPS_BELOW(accept)(number, address, length); });
}

int WPS_BELOW(accept4)(int, sockaddr*, socklen_t*, int);
int WPS_TRACED(accept4)(int number, sockaddr* address, socklen_t* length, int flags) {
  Call call("accept4");
  call.arguments(number);
  const FilledAddress filled(address, length);
  return call.run([&] { return WPS_BELOW(accept4)(number, address, length, flags); },
                  [&](int result) {
                    call.arguments(FilledAddressResult{filled, result < 0},
                                   Flags{type_flags, static_cast<uint32_t>(flags)});
                  });
}

int WPS_BELOW(connect)(int, const sockaddr*, socklen_t);
int WPS_TRACED(connect)(int number, const sockaddr* address, socklen_t length) {
  Call call("connect");
  call.arguments(number, Address{address, length}, length);
  return call.run([&] { return WPS_BELOW(connect)(number, address, length); });
}

int WPS_BELOW(shutdown)(int, int);
int WPS_TRACED(shutdown)(int number, int how) {
  Call call("shutdown");
  call.arguments(number, Named{directions, how});
  return call.run([&] { return WPS_BELOW(shutdown)(number, how); });
}

int WPS_BELOW(getsockname)(int, sockaddr*, socklen_t*);
int WPS_TRACED(getsockname)(int number, sockaddr* address, socklen_t* length) {
  return with_filled_address("getsockname", number, address, length,
                             [&] { return WPS_BELOW(getsockname)(number, address, length); });
}

int WPS_BELOW(getpeername)(int, sockaddr*, socklen_t*);
int WPS_TRACED(getpeername)(int number, sockaddr* address, socklen_t* length) {
  return with_filled_address("getpeername", number, address, length,
                             [&] { return WPS_BELOW(getpeername)(number, address, length); });
}
}
