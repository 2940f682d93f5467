// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// UDP: socket, bind, connect and its dissolving, names, shutdown.
#include "support/errno_of.h"
#include "support/memory.h"
#include "udp/socket.h"

namespace posix_sockets {

UdpSocket::UdpSocket(Family family, wasi::UdpSocket host) : Socket(family, SocketType::datagram), main_family_(family) {
  main_.host = static_cast<wasi::UdpSocket&&>(host);
  enter_list();
}

UdpSocket::~UdpSocket() {
  leave_list();
  while (stash_ != nullptr) drop_first();
  drop_held();
}

void UdpSocket::release() { destroy(this); }

Result<Socket*> create_udp_socket(Family family) {
  wasi::Result<wasi::UdpSocket> host = wasi::UdpSocket::create(family);
  if (!host.ok()) return errno_of_new_socket(host.error());
  auto* socket = create<UdpSocket>(family, static_cast<wasi::UdpSocket&&>(host.value()));
  if (socket == nullptr) return Errno(ENOMEM);
  return socket;
}

Errno UdpSocket::Half::bind(const SocketAddress& address) {
  wasi::Result<wasi::Unit> result = host.start_bind(address);
  if (result.ok()) result = host.finish_bind();   // binding has no asynchronous part in any kernel
  if (result.ok()) return open_streams(nullptr);  // a bound socket receives from now on
  if (result.error() == wasi::ErrorCode::invalid_argument) return EADDRNOTAVAIL;
  return errno_of(result.error());
}

Errno UdpSocket::bind(const SocketAddress& address) {
  if (bound_) {
    // For IPv4 the kernel looks at the address first. Only a host that binds knows its own.
    if (family() == Family::ipv4 && !address.is_loopback()) {
      wasi::Result<wasi::UdpSocket> spare = wasi::UdpSocket::create(Family::ipv4);
      if (!spare.ok()) return EINVAL;
      Half half;
      half.host = static_cast<wasi::UdpSocket&&>(spare.value());
      SocketAddress elsewhere = address;
      elsewhere.port = 0;
      if (half.bind(elsewhere) == EADDRNOTAVAIL) return EADDRNOTAVAIL;
    }
    return EINVAL;
  }
  if (address.lacks_scope() || (address.is_ipv4_mapped() && options.v6_only)) return EINVAL;
  Errno error;
  // The host socket may be one for IPv4 since an attempt that failed.
  const Family host_family = address.is_ipv4_mapped() ? Family::ipv4 : family();
  if (main_family_ != host_family) error = main_.replace_host(host_family);
  if (!error.ok()) return error;
  main_family_ = host_family;
  if (address.is_ipv4_mapped()) {
    error = main_.bind(to_family(address, Family::ipv4));
  } else if (family() == Family::ipv6 && address.is_unspecified() && !options.v6_only) {
    error = bind_both(address);
  } else {
    error = main_.bind(address);
  }
  if (error == EADDRINUSE) address_chosen_ = false;  // forgotten, as in the kernel
  if (!error.ok()) return error;
  bound_ = true;
  address_chosen_ = false;
  bind_address_ = address;
  keep_to_family_of(address);
  port_chosen_ = port_settled_ = address.port != 0;
  source_in_ipv4_ = address.is_ipv4_mapped();
  return success;
}

Errno UdpSocket::bind_both(const SocketAddress& address) {
  constexpr int attempts = 64;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    wasi::Result<wasi::UdpSocket> companion = wasi::UdpSocket::create(Family::ipv4);
    const Errno none = companion.ok() ? success : errno_of_new_socket(companion.error());
    if (!none.ok() && !(none == EAFNOSUPPORT)) return none;
    Errno error = main_.bind(address);
    if (!error.ok() || !none.ok()) return error;  // or a host without IPv4
    companion_.host = static_cast<wasi::UdpSocket&&>(companion.value());
    SocketAddress ipv4 = SocketAddress::any(Family::ipv4);
    const wasi::Result<SocketAddress> local = main_.host.local_address();
    ipv4.port = local.ok() ? local.value().port : address.port;
    error = companion_.bind(ipv4);
    if (error.ok()) return success;
    companion_.drop();
    if (error == EADDRNOTAVAIL || error == EAFNOSUPPORT) return success;  // no IPv4 here
    const Errno replaced = main_.replace_host(Family::ipv6);
    if (!replaced.ok()) return replaced;
    // The port that the host chose may be taken in IPv4: then another one.
    if (address.port != 0 || !(error == EADDRINUSE)) return error;
  }
  return EADDRINUSE;
}

Result<UdpSocket::Half*> UdpSocket::half_for(SocketAddress& address) {
  if (family() == Family::ipv4) return &main_;
  if (!address.is_ipv4_mapped()) {
    if (!source_in_ipv4_) return &main_;
    if (!address.is_unspecified()) return Errno(EAFNOSUPPORT);
    address = to_family(SocketAddress::loopback(Family::ipv4, address.port), Family::ipv6);
  }
  if (options.v6_only) return Errno(ENETUNREACH);
  address = to_family(address, Family::ipv4);
  if (main_family_ == Family::ipv4) return &main_;
  return companion_.host ? Result<Half*>(&companion_) : Result<Half*>(Errno(ENETUNREACH));
}

void UdpSocket::Half::drop_streams() {
  incoming_pollable.reset();
  outgoing_pollable.reset();
  incoming.reset();
  outgoing.reset();
  has_sent = false;
}

Errno UdpSocket::Half::open_streams(const SocketAddress* remote) {
  drop_streams();
  wasi::Result<wasi::DatagramStreams> streams = host.stream(remote);
  if (!streams.ok()) {
    if (streams.error() == wasi::ErrorCode::remote_unreachable) return ENETUNREACH;  // only routing can fail here
    return errno_of(streams.error());
  }
  incoming = static_cast<wasi::IncomingDatagramStream&&>(streams.value().incoming);
  outgoing = static_cast<wasi::OutgoingDatagramStream&&>(streams.value().outgoing);
  return success;
}

Errno UdpSocket::ensure_streams() {
  if (bound_) return success;
  const Errno error = bind(address_chosen_ ? bind_address_ : SocketAddress::any(family()));
  return error == EADDRINUSE ? Errno(EAGAIN) : error;  // no port is free
}

// Finds what an earlier send led to.
void UdpSocket::progress() {
  if (connected_ && pending_error_.ok() && look_ahead() == EAGAIN) guess_refusal();
}

Errno UdpSocket::connect(const SocketAddress* address) {
  progress();
  if (address == nullptr) {
    const bool was_connected = connected_;
    connected_ = false;
    connected_half_ = nullptr;
    if (!bind_address_.is_ipv4_mapped()) source_in_ipv4_ = source_in_ipv6_ = false;
    if (bound_ && !port_chosen_) return give_up_port();
    if (!was_connected) return success;
    if (companion_.host) (void)companion_.open_streams(nullptr);
    return main_.open_streams(nullptr);
  }
  if (address->lacks_scope()) return EINVAL;
  const Errno bound = ensure_streams();
  if (!bound.ok()) return bound;
  if (address->is_ipv4_broadcast()) return EACCES;
  SocketAddress remote = *address;
  const Result<Half*> half = half_for(remote);
  if (!half.ok()) return half.error();
  remote = as_destination(remote, bind_address_);
  take_over_arrived(main_);
  take_over_arrived(companion_);
  const wasi::Result<SocketAddress> before = half.value()->host.local_address();
  if (remote.port == 0) (void)settle_port();  // the host is disconnected
  // Port 0 is nobody's: the kernel takes it, the host doesn't.
  const Errno error = half.value()->open_streams(remote.port != 0 ? &remote : nullptr);
  if (!error.ok()) {
    const wasi::Result<SocketAddress> after = half.value()->host.local_address();
    if (before.ok() && after.ok() && after.value().port == 0) (void)settle_port(*half.value(), before.value());
    // As before: the kernel leaves the old association alone.
    SocketAddress old = remote_;
    const Result<Half*> old_half = connected_ ? half_for(old) : half;
    if (old_half.ok())
      (void)half.value()->open_streams(connected_ && old_half.value() == half.value() ? &old : nullptr);
    return error;
  }
  // Nothing comes for the other family any more.
  Half& other = half.value() == &main_ ? companion_ : main_;
  if (other.host) other.drop_streams();
  connected_ = true;
  connected_half_ = half.value();
  // The source address that the first connect() chose stays.
  if (family() == Family::ipv6 && !source_in_ipv6_ && !source_in_ipv4_) {
    source_in_ipv4_ = remote.family == Family::ipv4;
    source_in_ipv6_ = !source_in_ipv4_;
  }
  remote_ = to_family(remote, family());
  return success;
}

Result<SocketAddress> UdpSocket::local_address() {
  if (bound_) {
    const Half& half = connected_half_ != nullptr ? *connected_half_ : main_;
    wasi::Result<SocketAddress> address = half.host.local_address();
    if (address.ok()) {
      // The host isn't connected to port 0, see connect().
      const Family host_family = address.value().family;
      if (connected_ && remote_.port == 0 && to_family(remote_, host_family).is_loopback() &&
          address.value().is_unspecified())
        return to_family(SocketAddress::loopback(host_family, address.value().port), family());
      return to_family(address.value(), family());
    }
  }
  return address_chosen_ ? bind_address_ : SocketAddress::any(family());
}

Result<SocketAddress> UdpSocket::remote_address() {
  if (!connected_ || remote_.port == 0) return Errno(ENOTCONN);
  return remote_;
}

Errno UdpSocket::shutdown(unsigned how) {
  // Linux remembers it of a socket that it says ENOTCONN of, too.
  if ((how & shutdown_receive) != 0) receive_shut_ = true;
  if ((how & shutdown_send) != 0) send_shut_ = true;
  return connected_ ? success : ENOTCONN;
}

}  // namespace posix_sockets
