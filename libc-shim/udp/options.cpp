// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// UDP: the options that the host keeps.
#include "udp/socket.h"

namespace posix_sockets {

Result<uint64_t> UdpSocket::host_option(HostOption option) { return main_.socket().option(option); }

Errno UdpSocket::set_host_option(HostOption option, uint64_t value) {
  const Errno error = main_.socket().set_option(option, value);
  if (binding_.ipv4) (void)binding_.ipv4.socket().set_option(option, value);
  return error;
}

}  // namespace posix_sockets
