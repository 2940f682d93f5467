// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a description is. Whatever follows from that alone is a set of kinds here, and no virtual function.
#pragma once

#include <stdint.h>

namespace posix_sockets {

enum class Kind : uint8_t {
  file,  // of libc's, which serves all calls on it
  standard_input,
  device,  // null, zero, full, tty
  random_device,
  urandom_device,
  pipe_reader,
  pipe_writer,
  event_counter,
  timer,
  signals,
  epoll_set,
  event_queue,
  tcp,
  udp,
  unix_stream,
  unix_datagram,
  unix_packets,
};

class Kinds {
 public:
  template <class... Each>
  constexpr Kinds(Kind first, Each... others)  // NOLINT: one kind is a set of kinds
      : bits_((bit(first) | ... | bit(others))) {}

  constexpr bool have(Kind kind) const { return (bits_ & bit(kind)) != 0; }
  constexpr Kinds operator|(Kinds others) const { return Kinds(bits_ | others.bits_); }

 private:
  constexpr explicit Kinds(uint32_t bits) : bits_(bits) {}
  static constexpr uint32_t bit(Kind kind) { return uint32_t{1} << static_cast<unsigned>(kind); }

  uint32_t bits_;
};

namespace kinds {

constexpr Kinds unix_sockets = {Kind::unix_stream, Kind::unix_datagram, Kind::unix_packets};
constexpr Kinds sockets = unix_sockets | Kinds(Kind::tcp, Kind::udp);
constexpr Kinds watchers = {Kind::epoll_set, Kind::event_queue};
constexpr Kinds pipes = {Kind::pipe_reader, Kind::pipe_writer};
// They have no position: lseek says 0, pread and pwrite are read and write.
constexpr Kinds devices = {Kind::device, Kind::random_device, Kind::urandom_device};
// The kernel has no file behind them, only functions. lseek does nothing, and says 0.
constexpr Kinds anonymous = watchers | Kinds(Kind::event_counter, Kind::timer, Kind::signals);
// The guest's own state alone says what can be done, so that asking the host again tells nothing new.
constexpr Kinds in_process = unix_sockets | watchers | pipes | devices | Kinds(Kind::event_counter, Kind::signals);
// The borders of writes don't matter to reads, so that a transfer can go on where it stopped.
constexpr Kinds streams = watchers | pipes | Kinds(Kind::file, Kind::standard_input, Kind::tcp, Kind::unix_stream);
// writev is a write for each of its pieces.
constexpr Kinds writing_pieces = Kind::event_counter;
// Of devices, epoll takes this one alone.
constexpr Kinds unwatchable = {Kind::device, Kind::urandom_device};
// ioctl says EINVAL to requests that it doesn't know, and not ENOTTY.
constexpr Kinds strict_about_requests = {Kind::random_device, Kind::urandom_device, Kind::epoll_set};

}  // namespace kinds
}  // namespace posix_sockets
