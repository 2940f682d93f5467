// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What TCP and UDP sockets have in common: family, pending error, and the options that are kept in the guest.
#pragma once

#include "description/description.h"

namespace posix_sockets {

enum class SocketType : uint8_t { stream, datagram, packets };  // packets: SOCK_SEQPACKET

using HostOption = host::Option;

// Options that are one number, set and read back; those that the library gives an effect are read here by their names.
enum class Stored : uint8_t {
  // Any int:
  not_sent_low_water,
  user_timeout,
  // At most 16 bits:
  broadcast,
  cork,
  no_delay,
  pass_credentials,
  timestamp,
  // Without effect:
  debug,
  defer_accept,
  linger2,
  no_check,
  no_port_at_bind,
  oob_inline,
  path_mtu,
  path_mtu_v6,
  priority,
  quick_ack,
  reuse_address,
  segment,
  select_error_queue,
  syn_count,
  thin_linear,
  traffic_class,
  type_of_service,
  count,
  // Never of the same socket as the one that has the place:
  keep_alive = thin_linear,  // of a datagram or AF_UNIX socket
  ttl = pass_credentials,    // of an IPv6 socket
};
constexpr int first_narrow = static_cast<int>(Stored::broadcast);

// Options whose value lives in the guest. The table in options/ says which name reads and writes which of them.
struct StoredOptions {
  uint64_t receive_timeout_us = 0;  // 0: none
  uint64_t send_timeout_us = 0;
  int receive_low_water = 1;
  int send_low_water = 1;  // at most 65536
  int linger_seconds = 0;
  int backlog = 0;  // of the last listen()
  bool linger = false;
  bool v6_only = false;
  bool no_hops = false;           // IPV6_UNICAST_HOPS is 0
  bool packet_info : 1 = false;   // IP_PKTINFO
  bool packet_info6 : 1 = false;  // IPV6_RECVPKTINFO

  // As the difference from the default that the option's row gives.
  int value(Stored which) const {
    const int index = static_cast<int>(which);
    return index < first_narrow ? wide_[index] : narrow_[index - first_narrow];
  }
  void set_value(Stored which, int value) {
    const int index = static_cast<int>(which);
    if (index < first_narrow) {
      wide_[index] = value;
    } else {
      narrow_[index - first_narrow] = static_cast<int16_t>(value);
    }
  }
  // For options that are off by default.
  bool is_on(Stored which) const { return value(which) != 0; }

  // What a socket gets from the listener that accepts it: all but what is about listening, and the priority.
  StoredOptions inherited() const {
    StoredOptions result = *this;
    result.backlog = 0;
    result.set_value(Stored::defer_accept, 0);
    result.set_value(Stored::priority, 0);
    return result;
  }

 private:
  int wide_[first_narrow] = {};
  int16_t narrow_[static_cast<int>(Stored::count) - first_narrow] = {};
};

// Directions of shutdown().
constexpr unsigned shutdown_receive = 1;
constexpr unsigned shutdown_send = 2;

// The default operations are those of a socket that lacks them.
class Socket : public Description {
 public:
  static constexpr Kinds kinds = posix_sockets::kinds::sockets;

  Socket(Family family, SocketType type) : Description(kind_of(family, type)), family_(family), type_(type) {}

  Errno stat(struct stat& out) final;

  Family family() const { return family_; }
  SocketType type() const { return type_; }

  virtual Errno bind(const SocketAddress&) { return EOPNOTSUPP; }
  virtual Errno listen(int backlog) {
    (void)backlog;
    return EOPNOTSUPP;
  }
  // EINPROGRESS: under way; EALREADY: was under way already and still is. Null: AF_UNSPEC, which dissolves.
  virtual Errno connect(const SocketAddress*) { return EOPNOTSUPP; }
  // After EINPROGRESS from connect: success once connected, EINPROGRESS while it isn't, else why it failed.
  virtual Errno finish_connect() { return EOPNOTSUPP; }
  // EAGAIN: nobody is waiting. The result has one reference, the caller's.
  virtual Result<Socket*> accept() { return Errno(EOPNOTSUPP); }
  // `how`: shutdown_receive, shutdown_send or both.
  virtual Errno shutdown(unsigned how) {
    (void)how;
    return EOPNOTSUPP;
  }
  virtual Result<SocketAddress> local_address() { return Errno(EOPNOTSUPP); }
  virtual Result<SocketAddress> remote_address() { return Errno(ENOTCONN); }
  virtual bool is_listening() const { return false; }
  // Whether it is bound, by bind() or by something that needed a port.
  virtual bool has_port() {
    Result<SocketAddress> local = local_address();
    return local.ok() && local.value().port != 0;
  }
  // SO_PEERCRED: whether there is, or was, a peer that this process made.
  virtual bool knows_peer() const { return false; }
  // A connect is under way, as far as the guest knows.
  virtual bool is_connecting() const { return false; }

  // The same by sockaddr, as the entry points have it: the checks and the form of the socket's own family.
  // verbs.h has those of IP sockets for these, but for connect_to() of UDP.
  virtual Errno bind_to(const sockaddr*, socklen_t) { return EOPNOTSUPP; }
  virtual Errno connect_to(const sockaddr*, socklen_t) { return EOPNOTSUPP; }
  // Value-result: at most *length bytes are written, *length becomes the untruncated size.
  virtual Errno local_name(sockaddr*, socklen_t*) { return EOPNOTSUPP; }
  virtual Errno remote_name(sockaddr*, socklen_t*) { return EOPNOTSUPP; }
  // The defaults are those of a stream: it names no sender, and goes to its peer whatever the address says.
  virtual Errno source_name(const ReceiveRequest&, sockaddr*, socklen_t* length) {
    *length = 0;
    return success;
  }
  virtual Errno set_destination(SendRequest&, const sockaddr*, socklen_t) { return success; }

  // TIOCOUTQ: bytes that send() took and that are not with the peer yet, as far as the guest knows.
  virtual Result<int> unsent_bytes() { return Errno(ENOTTY); }

  // Whether something that send() accepted would be lost if the program ended now, and isn't meant to be.
  virtual bool delays_end() { return false; }
  // At exit: throws away what has arrived, since nobody reads it any more and the sender may be this very program; adds what is
  // to be waited for, and how long. False: nothing delays the end.
  virtual bool drain_step(Ending&) { return false; }

  // SO_RCVLOWAT has been set.
  virtual void receive_low_water_changed() {}

  virtual Result<uint64_t> host_option(HostOption) { return Errno(ENOPROTOOPT); }
  virtual Errno set_host_option(HostOption, uint64_t value) {
    (void)value;
    return ENOPROTOOPT;
  }

  // Puts back an error that an operation returned after another one had already transferred something.
  void restore_error(Errno error) {
    // EPIPE isn't kept: it comes again by itself.
    if (!(error == EPIPE)) pending_error_ = error;
    if (fast_path != nullptr) fast_path->gathered.look_at_next();
  }

  // SO_ERROR: the pending error, which reading clears.
  Errno take_error();
  Errno error() const { return pending_error_; }

 protected:
  // As Linux has it: a socket that was bound to one IPv6 address has IPV6_V6ONLY.
  void keep_to_family_of(const SocketAddress& bound) {
    if (family_ == Family::ipv6 && !bound.is_unspecified() && !bound.is_ipv4_mapped()) options.v6_only = true;
  }
  // Brings what went on outside up to date, so that an error that nobody has seen yet is in pending_error_.
  virtual void look_for_error() {}

  Errno pending_error_;

 public:
  StoredOptions options;
  uint16_t mode = 0777;  // as fstat() shows it

 private:
  static constexpr Kind kind_of(Family family, SocketType type) {
    const bool local = family == Family::unix_domain;
    if (type == SocketType::stream) return local ? Kind::unix_stream : Kind::tcp;
    if (type == SocketType::packets) return Kind::unix_packets;
    return local ? Kind::unix_datagram : Kind::udp;
  }

  Family family_;
  SocketType type_;
};

// create-tcp-socket and create-udp-socket. EAFNOSUPPORT, EACCES (the guest was granted no network), EMFILE, ENOMEM.
Result<Socket*> create_tcp_socket(Family family);
Result<Socket*> create_udp_socket(Family family);

// In place of the wildcard, which as a destination means this host on Linux: the IPv4 address that the socket is bound to, or
// else the loopback address.
SocketAddress as_destination(const SocketAddress& address, const SocketAddress& bound);

}  // namespace posix_sockets
