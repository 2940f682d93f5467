// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP: the options that the host keeps. Their values are remembered, for the host's socket that comes next.
#include "tcp/listener.h"
#include "tcp/socket.h"

namespace posix_sockets {
namespace {

constexpr uint8_t bit(host::Option option) { return static_cast<uint8_t>(1U << static_cast<int>(option)); }

}  // namespace

template <class Host>
void TcpSocket::apply_options(Host& host) const {
  if (!host_options_) return;
  for (int i = 0; i < host::option_count; ++i) {
    const auto option = static_cast<host::Option>(i);
    if ((host_options_->set & bit(option)) != 0) (void)host.set_option(option, host_options_->values[i]);
  }
}

// Calls `use(host)` with what the socket has in the host, if that takes and tells options now: it doesn't while it connects, nor after
// that failed: EAGAIN.
template <class Use>
Errno TcpSocket::with_host(Use use) {
  if (tcp::Connected* connected = state_.as<tcp::Connected>()) return use(connected->host);
  if (tcp::Listening* listening = state_.as<tcp::Listening>()) return use(listening->listener.either());
  tcp::Unconnected* unconnected = hosts();
  if (unconnected == nullptr || !unconnected->has_host()) return EAGAIN;
  return use(unconnected->own ? unconnected->own : unconnected->ipv4);
}

// What a socket of these options would say is the answer then.
Result<uint64_t> TcpSocket::tcp_host_option(host::Option option) {
  progress();
  Result<uint64_t> value = uint64_t{0};
  const auto get = [&](auto& host) {
    value = host.option(option);
    return value.error();
  };
  if (with_host(get).ok()) return value;
  host::TcpSocket spare;
  const Errno error = make_host(spare, family());
  return error.ok() ? spare.option(option) : Result<uint64_t>(error);
}

Errno TcpSocket::tcp_set_host_option(host::Option option, uint64_t value) {
  progress();
  if (!host_options_) host_options_ = Owner<HostOptions>(create<HostOptions>());
  if (!host_options_) return ENOMEM;
  tcp::late.apply_options = [](const TcpSocket& socket, host::TcpSocket& host) { socket.apply_options(host); };
  tcp::late.apply_options_to = [](const TcpSocket& socket, host::Connection& host) { socket.apply_options(host); };
  Errno error = with_host([&](auto& host) { return host.set_option(option, value); });
  // What is wrong with the value a socket of no state says, too; some hosts answer with why the connection failed.
  const bool answers = error == EOPNOTSUPP || (state_.is<tcp::Unconnected>() && !(error == EAGAIN));
  if (!error.ok() && !answers) {
    Result<host::TcpSocket> spare = host::TcpSocket::create(family());
    if (!spare.ok()) return spare.error();
    error = spare.value().set_option(option, value);
  }
  if (!error.ok()) return error;
  tcp::Unconnected* unconnected = hosts();
  if (unconnected != nullptr && unconnected->own && unconnected->ipv4)
    (void)unconnected->ipv4.set_option(option, value);
  if (tcp::Listening* listening = state_.as<tcp::Listening>()) listening->listener.set_ipv4_option(option, value);
  host_options_->set |= bit(option);
  host_options_->values[static_cast<int>(option)] = value;
  return success;
}

}  // namespace posix_sockets
