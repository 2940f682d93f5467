// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "options/options.h"

#include <string.h>
#include <sys/time.h>

#include "options/table.h"
#include "support/pointer.h"

namespace posix_sockets::options {
namespace {

constexpr uint64_t ns_per_s = 1000000000;
constexpr int default_hop_limit = 64;

const Row* find(const Socket& socket, int level, int name) {
  const uint8_t type = socket.type() == SocketType::stream ? stream : datagram;
  const uint8_t family = socket.family() == Family::ipv4 ? ipv4 : ipv6;
  for (const Row& row : rows)
    if (row.level == level && row.name == name && (row.types & type) != 0 && (row.families & family) != 0) return &row;
  return nullptr;
}

// Whether the kernel's protocols of such a socket look at the level at all.
bool has_level(const Socket& socket, int level) {
  return level == SOL_SOCKET || level == IPPROTO_IP ||
         level == (socket.type() == SocketType::stream ? IPPROTO_TCP : IPPROTO_UDP);
}

HostOption host_option(const Row& row) { return static_cast<HostOption>(row.argument); }

// Stored values start as zero memory, so what is kept is the difference from the default.
int& stored(Socket& socket, const Row& row) { return socket.options.values[row.slot]; }

int clamp_to_int(uint64_t value) { return value > INT_MAX ? INT_MAX : static_cast<int>(value); }

// The value of a row whose codec is an int.
Result<int> get_int(Socket& socket, const Row& row) {
  switch (row.access) {
    case Access::stored:
      return stored(socket, row) + row.argument;
    case Access::type:
      return socket.type() == SocketType::stream ? SOCK_STREAM : SOCK_DGRAM;
    case Access::domain:
      return socket.family() == Family::ipv4 ? AF_INET : AF_INET6;
    case Access::protocol:
      return socket.type() == SocketType::stream ? IPPROTO_TCP : IPPROTO_UDP;
    case Access::error:
      return socket.take_error().value();
    case Access::accept_connections:
      return socket.is_listening() ? 1 : 0;
    case Access::receive_low_water:
      return socket.options.receive_low_water;
    case Access::send_low_water:
    case Access::v6_only:
      return 1;
    default:
      break;
  }
  Result<uint64_t> value = socket.host_option(host_option(row));
  if (!value.ok()) return value.error();
  switch (row.access) {
    case Access::seconds:
      return clamp_to_int(value.value() / ns_per_s);
    case Access::buffer_size:
      return clamp_to_int(value.value() * 2);
    default:
      return clamp_to_int(value.value());
  }
}

Errno set_int(Socket& socket, const Row& row, int value) {
  switch (row.access) {
    case Access::stored:
      stored(socket, row) = value - row.argument;
      return success;
    case Access::receive_low_water:
      socket.options.receive_low_water = value < 0 ? INT_MAX : value == 0 ? 1 : value;
      return success;
    case Access::v6_only:
      if (Result<SocketAddress> local = socket.local_address(); local.ok() && local.value().port != 0) return EINVAL;
      // Saying yes to 0 would leave a server without the IPv4 clients that it counts on.
      return value != 0 ? success : Errno(ENOPROTOOPT);
    case Access::ttl:
      if (value == -1) value = default_hop_limit;
      if (value == 0) return EINVAL;
      return socket.set_host_option(host_option(row), static_cast<uint64_t>(value));
    case Access::seconds:
      return socket.set_host_option(host_option(row), static_cast<uint64_t>(value) * ns_per_s);
    case Access::buffer_size:
      // Negative is huge, as in the kernel; the host takes no 0 and cuts what is too large.
      return socket.set_host_option(host_option(row), value < 0 ? INT_MAX : value == 0 ? 1 : static_cast<uint64_t>(value));
    default:
      return socket.set_host_option(host_option(row), static_cast<uint64_t>(value));
  }
}

timeval to_timeval(uint64_t microseconds) {
  timeval result = {};
  result.tv_sec = static_cast<decltype(result.tv_sec)>(microseconds / 1000000);
  result.tv_usec = static_cast<decltype(result.tv_usec)>(microseconds % 1000000);
  return result;
}

Errno set_timeval(Socket& socket, const Row& row, const void* value, socklen_t length) {
  timeval time;
  if (length < sizeof time) return EINVAL;
  memcpy(&time, value, sizeof time);
  if (time.tv_usec < 0 || time.tv_usec >= 1000000) return EDOM;
  // Negative: the kernel lets such a call not wait at all.
  const uint64_t us =
      time.tv_sec < 0 ? 1 : static_cast<uint64_t>(time.tv_sec) * 1000000 + static_cast<uint64_t>(time.tv_usec);
  (row.access == Access::receive_timeout ? socket.options.receive_timeout_us : socket.options.send_timeout_us) = us;
  return success;
}

Errno set_linger(Socket& socket, const void* value, socklen_t length) {
  struct linger linger;
  if (length < sizeof linger) return EINVAL;
  memcpy(&linger, value, sizeof linger);
  socket.options.linger = linger.l_onoff != 0;
  if (socket.options.linger) socket.options.linger_seconds = linger.l_linger < 0 ? INT_MAX : linger.l_linger;
  return success;
}

Errno give(void* out, socklen_t* length, const void* value, socklen_t size) {
  if (*length < size) size = *length;
  if (!accessible(out, size)) return EFAULT;
  if (size != 0) memcpy(out, value, size);
  *length = size;
  return success;
}

}  // namespace

Errno get(Socket& socket, int level, int name, void* value, socklen_t* length) {
  if (!accessible(length)) return EFAULT;
  if (static_cast<int>(*length) < 0) return EINVAL;
  const Row* row = find(socket, level, name);
  if (row == nullptr && socket.family() == Family::ipv4 && !has_level(socket, level)) return EOPNOTSUPP;
  if (row == nullptr || (row->rights & get_only) == 0) return ENOPROTOOPT;
  if (row->codec == Codec::linger) {
    const struct linger linger = {socket.options.linger ? 1 : 0, socket.options.linger_seconds};
    return give(value, length, &linger, sizeof linger);
  }
  if (row->codec == Codec::timeval) {
    const timeval time = to_timeval(row->access == Access::receive_timeout ? socket.options.receive_timeout_us
                                                                            : socket.options.send_timeout_us);
    return give(value, length, &time, sizeof time);
  }
  Result<int> result = get_int(socket, *row);
  if (!result.ok()) return result.error();
  if (row->codec == Codec::small && *length > 0 && *length < sizeof(int) && result.value() >= 0 && result.value() <= 255) {
    const auto byte = static_cast<unsigned char>(result.value());
    return give(value, length, &byte, 1);
  }
  return give(value, length, &result.value(), sizeof(int));
}

Errno set(Socket& socket, int level, int name, const void* value, socklen_t length) {
  if (static_cast<int>(length) < 0) return EINVAL;
  if (level == SOL_SOCKET && length < sizeof(int)) return EINVAL;  // before the name is looked at, as in the kernel
  const Row* row = find(socket, level, name);
  if (row == nullptr || (row->rights & set_only) == 0) return ENOPROTOOPT;
  const bool one_byte = row->codec == Codec::small && length >= 1 && length < sizeof(int);
  if (!one_byte && length < sizeof(int)) return EINVAL;
  if (!accessible(value, length)) return EFAULT;
  if (row->codec == Codec::linger) return set_linger(socket, value, length);
  if (row->codec == Codec::timeval) return set_timeval(socket, *row, value, length);
  int number = 0;
  if (one_byte) {
    number = *static_cast<const unsigned char*>(value);
  } else {
    memcpy(&number, value, sizeof number);
  }
  if (row->codec == Codec::boolean) {
    number = number != 0;
  } else if (number < row->minimum || number > row->maximum) {
    return EINVAL;
  }
  return set_int(socket, *row, number);
}

}  // namespace posix_sockets::options
