// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads and writes the options that are an int.
#include "description/verbs.h"
#include "options/table.h"

namespace posix_sockets::options {
namespace {

constexpr uint64_t ns_per_s = 1000000000;
constexpr int default_hop_limit = 64;
constexpr int highest_free_priority = 6;
constexpr int least_segment = 88;
constexpr int congestion_bits = 3;  // of the type of service: TCP's own
constexpr int longest_linger2 = 120;
constexpr int host_permit = 65536;           // more than this a host never takes at once
constexpr int longest_read_ahead = 1 << 20;  // what waits for low water is kept in the guest

HostOption host_option(const Row& row) { return static_cast<HostOption>(row.accessor.slot); }

int clamp_to_int(uint64_t value) { return value > INT_MAX ? INT_MAX : static_cast<int>(value); }

Stored stored_option(const Row& row) { return static_cast<Stored>(row.accessor.slot); }

// Values start as zero memory, so what is kept is the difference from the default.
int stored(const Socket& socket, const Row& row) {
  return socket.options.value(stored_option(row)) + row.accessor.fallback;
}

Errno store(Socket& socket, const Row& row, int value) {
  socket.options.set_value(stored_option(row), value - row.accessor.fallback);
  return success;
}

Errno set_host(Socket& socket, const Row& row, uint64_t value) {
  return verbs::set_host_option(socket, host_option(row), value);
}

int low_water(int value, int most) { return value < 0 || value > most ? most : value == 0 ? 1 : value; }

// As the kernel counts: in attempts to answer the peer again, after 1, 2, 4... up to 120 seconds each.
int whole_attempts(int wanted) {
  int sum = 0;
  for (int wait = 1, attempts = 0; sum < wanted && attempts < 255; ++attempts) {
    sum += wait;
    wait = wait < 60 ? wait * 2 : 120;
  }
  return sum;
}

int type(const Socket& socket) {
  return socket.type() == SocketType::stream     ? SOCK_STREAM
         : socket.type() == SocketType::datagram ? SOCK_DGRAM
                                                 : SOCK_SEQPACKET;
}

int domain(const Socket& socket) {
  return socket.family() == Family::ipv4 ? AF_INET : socket.family() == Family::ipv6 ? AF_INET6 : AF_UNIX;
}

}  // namespace

int protocol(const Socket& socket) {
  if (socket.family() == Family::unix_domain) return 0;
  return socket.type() == SocketType::stream ? IPPROTO_TCP : IPPROTO_UDP;
}

Result<int> read(Socket& socket, const Row& row) {
  switch (row.accessor.access) {
    case Access::fixed:
    case Access::ignored:
    case Access::kept:
      return row.accessor.fallback;
    case Access::accepts:
      return socket.is_listening() ? 1 : 0;
    case Access::backlog:
      return socket.options.backlog;
    case Access::type:
      return type(socket);
    case Access::domain:
      return domain(socket);
    case Access::protocol:
      return protocol(socket);
    case Access::error:
      return socket.take_error().value();
    case Access::receive_low_water:
      return socket.options.receive_low_water;
    case Access::send_low_water:
      return socket.options.send_low_water;
    case Access::v6_only:
      return socket.options.v6_only ? 1 : 0;
    case Access::packet_info:
      return socket.options.packet_info ? 1 : 0;
    case Access::packet_info6:
      return socket.options.packet_info6 ? 1 : 0;
    case Access::unsupported:
      return Errno(EOPNOTSUPP);
    case Access::host:
    case Access::host_seconds:
    case Access::host_buffer:
    case Access::host_hops:
      break;
    default:
      return stored(socket, row);
  }
  if (row.accessor.access == Access::host_hops && socket.options.no_hops) return 0;
  const Result<uint64_t> value = verbs::host_option(socket, host_option(row));
  if (!value.ok()) return value.error();
  if (row.accessor.access == Access::host_seconds) return clamp_to_int(value.value() / ns_per_s);
  if (row.accessor.access == Access::host_buffer) return clamp_to_int(value.value() * 2);
  return clamp_to_int(value.value());
}

Errno write_kept(const Row& row, int value) {
  switch (static_cast<Setting>(row.accessor.slot)) {
    case Setting::hops:
      if (value == -1) return success;  // the default, in another word
      [[fallthrough]];
    case Setting::keeps:
    case Setting::filled:
    case Setting::exact:
    case Setting::loose:
      return value == row.accessor.fallback ? success : Errno(ENOPROTOOPT);
    case Setting::invalid:
      return EINVAL;
    case Setting::denied:
      return EPERM;
    case Setting::unsupported:
    case Setting::foreign:
      return EOPNOTSUPP;
    case Setting::never:
      break;
  }
  return ENOPROTOOPT;
}

namespace {

Errno write_buffer_size(Socket& socket, const Row& row, int value) {
  // Negative is huge, as in the kernel; the host takes no 0 and cuts what is too large.
  const Errno error = set_host(socket, row, value < 0 ? INT_MAX : value == 0 ? 1 : static_cast<uint64_t>(value));
  // Whoever waits for room is woken, had there been enough before or not.
  const bool sends = error.ok() && host_option(row) == HostOption::send_buffer_size;
  if (sends && (socket.ready(events::writable, false) & events::writable) != 0) socket.tell_room();
  return error;
}

Errno write_hops(Socket& socket, const Row& row, int value) {
  if (value == 0 && row.level != IPPROTO_IPV6) return EINVAL;
  socket.options.no_hops = value == 0;  // the host has no 0, and 1 reaches no further than this link
  if (value == 0) value = 1;
  return set_host(socket, row, static_cast<uint64_t>(value == -1 ? default_hop_limit : value));
}

// A number that is only kept, as the kernel makes it fit.
Errno write_stored(Socket& socket, const Row& row, int value) {
  const int fallback = row.accessor.fallback;
  switch (row.accessor.access) {
    case Access::ttl:
      return value == 0 ? Errno(EINVAL) : store(socket, row, value == -1 ? fallback : value);
    case Access::priority:
      return value < 0 || value > highest_free_priority ? Errno(EPERM) : store(socket, row, value);
    case Access::segment:
      if (value != 0 && value < least_segment) return EINVAL;
      return store(socket, row, value == 0 ? fallback : value);
    case Access::linger2:
      if (value > longest_linger2) value = longest_linger2;
      return store(socket, row, value < 0 ? -1 : value == 0 ? fallback : value);
    case Access::defer_accept:
      return store(socket, row, whole_attempts(value));
    case Access::type_of_service:
      if (value == -1 && row.level == IPPROTO_IPV6) value = 0;
      if (socket.type() == SocketType::stream) value &= ~congestion_bits;
      return store(socket, row, value & UINT8_MAX);
    default:
      return store(socket, row, value);
  }
}

}  // namespace

Errno write(Socket& socket, const Row& row, int value) {
  switch (row.accessor.access) {
    case Access::host:
      return set_host(socket, row, static_cast<uint64_t>(value));
    case Access::host_seconds:
      return set_host(socket, row, static_cast<uint64_t>(value) * ns_per_s);
    case Access::host_buffer:
      return write_buffer_size(socket, row, value);
    case Access::host_hops:
      return write_hops(socket, row, value);
    case Access::fixed:
      return value == row.accessor.fallback ? success : Errno(ENOPROTOOPT);
    case Access::ignored:
      return success;
    case Access::kept:
      return write_kept(row, value);
    case Access::denied:
      return EPERM;
    case Access::unsupported:
      return EOPNOTSUPP;
    case Access::gathering:
      (void)store(socket, row, value);
      verbs::gathering_changed(socket, socket.options.is_on(Stored::cork), socket.options.is_on(Stored::no_delay));
      return success;
    case Access::receive_low_water:
      socket.options.receive_low_water =
          low_water(value, socket.type() == SocketType::stream ? longest_read_ahead : INT_MAX);
      socket.receive_low_water_changed();
      return success;
    case Access::send_low_water:
      socket.options.send_low_water = low_water(value, host_permit);
      return success;
    case Access::v6_only:
      if (socket.has_port()) return EINVAL;
      socket.options.v6_only = value != 0;
      return success;
    case Access::packet_info:
      socket.options.packet_info = value != 0;
      return success;
    case Access::packet_info6:
      socket.options.packet_info6 = value != 0;
      return success;
    default:
      return write_stored(socket, row, value);
  }
}

}  // namespace posix_sockets::options
