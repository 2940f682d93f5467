// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// UDP: the options that the host keeps.
#include "support/errno_of.h"
#include "udp/socket.h"

namespace posix_sockets {
namespace {

template <class T>
Result<uint64_t> widen(const wasi::Result<T>& result) {
  if (!result.ok()) return errno_of(result.error());
  return static_cast<uint64_t>(result.value());
}

}  // namespace

Result<uint64_t> UdpSocket::host_option(HostOption option) {
  switch (option) {
    case HostOption::hop_limit:
      return widen(main_.host.unicast_hop_limit());
    case HostOption::receive_buffer_size:
      return widen(main_.host.receive_buffer_size());
    case HostOption::send_buffer_size:
      return widen(main_.host.send_buffer_size());
    default:
      return Errno(ENOPROTOOPT);
  }
}

namespace {

wasi::Result<wasi::Unit> set(wasi::UdpSocket& host, HostOption option, uint64_t value) {
  switch (option) {
    case HostOption::hop_limit:
      return host.set_unicast_hop_limit(static_cast<uint8_t>(value));
    case HostOption::receive_buffer_size:
      return host.set_receive_buffer_size(value);
    case HostOption::send_buffer_size:
      return host.set_send_buffer_size(value);
    default:
      return wasi::ErrorCode::not_supported;
  }
}

}  // namespace

Errno UdpSocket::set_host_option(HostOption option, uint64_t value) {
  const wasi::Result<wasi::Unit> result = set(main_.host, option, value);
  if (companion_.host) (void)set(companion_.host, option, value);
  if (result.ok()) return success;
  return result.error() == wasi::ErrorCode::not_supported ? Errno(ENOPROTOOPT) : errno_of(result.error());
}

}  // namespace posix_sockets
