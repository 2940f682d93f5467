// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Calls that make, name and end sockets, and their options.
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>

#include <climits>
#include <cstring>

#include "run.h"

namespace random_calls {

void Run::accept_one() {
  sockaddr_storage name;
  socklen_t length = choose_.of<socklen_t>({0, 8, 16, 28, sizeof name});
  keep(static_cast<int>(CALL(accept4, descriptor(), choose_.one_in(2) ? nullptr : reinterpret_cast<sockaddr*>(&name),
                             choose_.one_in(10) ? nullptr : &length,
                             choose_.of<int>({0, 0, SOCK_NONBLOCK, SOCK_CLOEXEC, 5}))));
}

void Run::script_connect() {
  switch (choose_.below(6)) {
    case 0:
      host().will_fail_to_connect(
          choose_.of({ErrorCode::connection_refused, ErrorCode::timeout, ErrorCode::remote_unreachable,
                      ErrorCode::connection_reset, ErrorCode::access_denied, ErrorCode::address_in_use}),
          choose_.below(20) * fake::ms);
      break;
    case 1:
      host().will_never_connect();
      break;
    default:
      remember(host().will_connect(choose_.below(4) * fake::ms));
  }
}

void Run::remember(const Peer& peer) {
  if (peer != nullptr) peers_.push_back(peer);
}

void Run::names() {
  sockaddr_storage name;
  socklen_t length = choose_.of<socklen_t>({0, 3, 16, sizeof name, UINT32_MAX});
  const int number = descriptor();
  struct stat status;
  switch (choose_.below(5)) {
    case 0:
      CALL(getsockname, number, reinterpret_cast<sockaddr*>(&name), &length);
      break;
    case 1:
      CALL(getpeername, number, reinterpret_cast<sockaddr*>(&name), choose_.one_in(8) ? nullptr : &length);
      break;
    case 2:
      CALL(fstat, number, &status);
      break;
    case 3:
      CALL(lseek, number, 0, SEEK_CUR);
      break;
    default:
      CALL(ftruncate, number, 0);
  }
}

void Run::control() {
  const int number = descriptor();
  int value = static_cast<int>(choose_.below(2));
  switch (choose_.below(8)) {
    case 0:
      CALL(fcntl, number, F_SETFL, choose_.of<int>({0, O_NONBLOCK, O_NONBLOCK, -1}));
      break;
    case 1:
      CALL(fcntl, number, F_GETFL, 0);
      break;
    case 2:
      CALL(fcntl, number, F_SETFD, choose_.of<int>({0, FD_CLOEXEC}));
      break;
    case 3:
      keep(static_cast<int>(CALL(fcntl, number, F_DUPFD, choose_.of<int>({0, 10, 100, -1, 16383, 16384}))));
      break;
    case 4:
      CALL(ioctl, number, static_cast<int>(FIONBIO), choose_.one_in(16) ? nullptr : &value);
      break;
    case 5:
      CALL(ioctl, number, FIONREAD, &value);
      break;
    case 6:
      CALL(fcntl, number, choose_.of<int>({9999, -1, F_GETLK}), 0);
      break;
    default:
      CALL(ioctl, number, 0x1234, &value);
  }
}

void Run::option() {
  const int number = descriptor();
  const int level = choose_.of<int>({SOL_SOCKET, SOL_SOCKET, IPPROTO_TCP, IPPROTO_IP, IPPROTO_IPV6, IPPROTO_UDP, -1});
  const int name = static_cast<int>(choose_.below(90)) - 1;
  alignas(8) char value[32] = {};
  const int small = choose_.of<int>({0, 1, -1, 5, 100, 70000, INT32_MAX, INT32_MIN});
  std::memcpy(value, &small, sizeof small);
  std::memcpy(value + 8, &small, sizeof small);
  socklen_t length = choose_.of<socklen_t>({4, 4, 16, 8, 0, 1, 3, 32, UINT32_MAX});
  // No timeouts of years, and no huge low-water marks with blocking reads that would never end.
  if (choose_.one_in(2)) {
    CALL(getsockopt, number, level, name, choose_.one_in(16) ? nullptr : value, choose_.one_in(16) ? nullptr : &length);
  } else {
    if (length == UINT32_MAX) length = choose_.of<socklen_t>({UINT32_MAX, 4});
    CALL(setsockopt, number, level, name, choose_.one_in(16) ? nullptr : value, length);
  }
}

}  // namespace random_calls
