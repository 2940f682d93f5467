// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP: listen, accept.
#include "support/memory.h"
#include "tcp/listener.h"
#include "tcp/peers.h"

namespace posix_sockets {

using tcp::Listener;

namespace {

constexpr tcp::ListenFunctions functions = {
    [](Listener& listener) { destroy(&listener); },
    [](Listener& listener) { listener.reset_waiting(); },
    [](Listener& listener, Events wanted, bool probe) { return listener.ready(wanted, probe); },
    [](Listener& listener, Events wanted, PollSet& set, uint32_t tag) { listener.subscribe(wanted, set, tag); },
    tcp::Peers::reset_peer,
    tcp::Peers::deafen_peer,
    tcp::Peers::send_into_reset,
    tcp::Peers::tell,
    [](tcp::Connected& connection) { return connection.await_arrival(); },
    tcp::Peers::listens_at,
};

}  // namespace

Errno TcpSocket::tcp_listen(int backlog) {
  progress();
  // As the kernel reads it: negative is unlimited. The host takes at least 1.
  const uint64_t size = backlog < 0 ? 4096 : backlog == 0 ? 1 : static_cast<uint64_t>(backlog);
  if (tcp::Listening* listening = state_.as<tcp::Listening>()) {
    options.backlog = static_cast<int>(size);
    listening->listener.set_backlog(size);
    return success;
  }
  if (!state_.is<tcp::Unconnected>()) return EINVAL;
  if (!binding_.is_bound()) {
    const Errno error = bind_now(binding_.keeps_address ? binding_.address : SocketAddress::any(family()));
    if (!error.ok()) return error;
  }
  Errno error = bind_again_if_lost();
  if (!error.ok()) return error;
  Listener* listener = create<Listener>(*this);
  if (listener == nullptr) return ENOMEM;
  tcp::Unconnected& hosts = *state_.as<tcp::Unconnected>();
  error = listener->listen(hosts, size);
  if (!error.ok()) {
    // The port is in use. After that a host's socket is of no use.
    destroy(listener);
    hosts.drop_both();
    return error;
  }
  options.backlog = static_cast<int>(size);
  tcp::late.listen = &functions;
  state_.become<tcp::Listening>(*listener);
  return success;
}

Result<Socket*> TcpSocket::tcp_accept() {
  tcp::Listening* listening = state_.as<tcp::Listening>();
  if (listening == nullptr) return Errno(EINVAL);
  Listener& listener = listening->listener;
  if (listener.next() == nullptr) return listener.take_error();
  Owner<HostOptions> host_options;
  if (host_options_) {
    host_options = Owner<HostOptions>(create<HostOptions>(*host_options_));
    if (!host_options) return Errno(ENOMEM);
  }
  auto* accepted = create<TcpSocket>(family());
  if (accepted == nullptr) return Errno(ENOMEM);
  // The kernel clones the listener with nearly all options.
  accepted->options = options.inherited();
  accepted->receive_shut_ = receive_shut_;
  accepted->send_shut_ = send_shut_;
  accepted->host_options_ = static_cast<Owner<HostOptions>&&>(host_options);
  tcp::Connected& connection =
      accepted->state_.become<tcp::Connected>(*accepted, listener.take_next(), tcp::AwaitsAccept());
  connection.told = true;
  connection.known_port = local_port();
  if (send_shut_) connection.send_end();
  listener.apply_early_reset(*accepted, connection);
  if (tcp::AwaitsAccept::any()) tcp::Peers::pair_with_client(*accepted);
  return accepted;
}

Errno TcpSocket::accepted_name(sockaddr* out, socklen_t* length) {
  const Result<SocketAddress> remote =
      state_.is<tcp::Ended>() ? Result<SocketAddress>(tcp::Peers::reset_client()) : tcp_remote_address();
  if (length == nullptr) return EFAULT;
  // Of a connection that was reset while it waited the host doesn't tell any more whose it was.
  return to_sockaddr(remote.ok() ? remote.value() : SocketAddress::any(family()), out, length);
}

}  // namespace posix_sockets
