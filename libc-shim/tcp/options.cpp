// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP: the options that the host keeps. Their values are remembered, for the host socket that reopen() makes.
#include "support/errno_of.h"
#include "tcp/socket.h"

namespace posix_sockets {
namespace {

wasi::Result<wasi::Unit> set(wasi::TcpSocket& host, HostOption option, uint64_t value) {
  switch (option) {
    case HostOption::keep_alive:
      return host.set_keep_alive_enabled(value != 0);
    case HostOption::keep_alive_idle_time:
      return host.set_keep_alive_idle_time(value);
    case HostOption::keep_alive_interval:
      return host.set_keep_alive_interval(value);
    case HostOption::keep_alive_count:
      return host.set_keep_alive_count(static_cast<uint32_t>(value));
    case HostOption::hop_limit:
      return host.set_hop_limit(static_cast<uint8_t>(value));
    case HostOption::receive_buffer_size:
      return host.set_receive_buffer_size(value);
    case HostOption::send_buffer_size:
      return host.set_send_buffer_size(value);
  }
  return wasi::ErrorCode::not_supported;
}

template <class T>
Result<uint64_t> widen(const wasi::Result<T>& result) {
  if (!result.ok()) return errno_of(result.error());
  return static_cast<uint64_t>(result.value());
}

Result<uint64_t> get(const wasi::TcpSocket& host, HostOption option) {
  switch (option) {
    case HostOption::keep_alive:
      return widen(host.keep_alive_enabled());
    case HostOption::keep_alive_idle_time:
      return widen(host.keep_alive_idle_time());
    case HostOption::keep_alive_interval:
      return widen(host.keep_alive_interval());
    case HostOption::keep_alive_count:
      return widen(host.keep_alive_count());
    case HostOption::hop_limit:
      return widen(host.hop_limit());
    case HostOption::receive_buffer_size:
      return widen(host.receive_buffer_size());
    case HostOption::send_buffer_size:
      return widen(host.send_buffer_size());
  }
  return Errno(ENOPROTOOPT);
}

constexpr uint8_t bit(HostOption option) { return static_cast<uint8_t>(1U << static_cast<int>(option)); }

}  // namespace

// A host neither tells nor takes anything while it connects, nor after that failed. What a socket of these options would say
// is the answer then.
Result<uint64_t> TcpSocket::tcp_host_option(HostOption option) {
  progress();
  Result<uint64_t> value = get(host_, option);
  if (value.ok()) return value;
  wasi::Result<wasi::TcpSocket> spare = wasi::TcpSocket::create(family());
  if (!spare.ok()) return errno_of_new_socket(spare.error());
  apply_host_options(spare.value());
  return get(spare.value(), option);
}

Errno TcpSocket::tcp_set_host_option(HostOption option, uint64_t value) {
  progress();
  if (!host_options_) host_options_ = Owner<HostOptions>(create<HostOptions>());
  if (!host_options_) return ENOMEM;
  on_.apply_options = [](const TcpSocket& socket, wasi::TcpSocket& other) { socket.apply_host_options(other); };
  wasi::Result<wasi::Unit> result = set(host_, option, value);
  // What is wrong with the value a socket of no state says, too; some hosts answer with why the connection failed.
  if (!result.ok() && state_ != State::fresh && result.error() != wasi::ErrorCode::not_supported) {
    wasi::Result<wasi::TcpSocket> spare = wasi::TcpSocket::create(family());
    if (!spare.ok()) return errno_of_new_socket(spare.error());
    result = set(spare.value(), option, value);
  }
  if (!result.ok()) return errno_of(result.error());
  if (companion_) (void)set(companion_, option, value);
  host_options_->set |= bit(option);
  host_options_->values[static_cast<int>(option)] = value;
  return success;
}

void TcpSocket::apply_host_options(wasi::TcpSocket& host) const {
  if (!host_options_) return;
  for (int i = 0; i < host_option_count; ++i) {
    const auto option = static_cast<HostOption>(i);
    if ((host_options_->set & bit(option)) != 0) (void)set(host, option, host_options_->values[i]);
  }
}

}  // namespace posix_sockets
