// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SOCK_DGRAM. A socket is unbound, bound, or bound and connected.
#pragma once

#include "description/socket.h"
#include "udp/cork.h"
#include "udp/datagram_queue.h"
#include "udp/endpoint.h"
#include "udp/expected.h"

namespace posix_sockets {

struct SentList {
  size_t count = 0;
  bool stopped = false;  // the one behind them failed, or found no room
};

class UdpSocket final : public Socket {
 public:
  static constexpr Kinds kinds = Kind::udp;

  UdpSocket(Family family, host::DatagramSocket socket);
  ~UdpSocket();

  void release() override;

  Errno bind(const SocketAddress& address) override;
  Errno connect(const SocketAddress* address) override;
  Errno shutdown(unsigned how) override;
  Result<SocketAddress> local_address() override;
  Result<SocketAddress> remote_address() override;
  Errno connect_to(const sockaddr* address, socklen_t length) override;
  Errno source_name(const ReceiveRequest& request, sockaddr* out, socklen_t* length) override;
  Errno set_destination(SendRequest& request, const sockaddr* address, socklen_t length) override;

  Result<size_t> receive(ReceiveRequest& request) override;
  Result<size_t> send(SendRequest& request) override;
  size_t send_plain(const void* data, size_t size) override;
  Events ready(Events wanted, bool probe) override;
  void subscribe(Events wanted, PollSet& set, uint32_t tag) override;
  Result<int> readable_bytes() override;
  Result<int> unsent_bytes() override { return 0; }

  // Sends what can go by one call of the host's, of `count` > 0 messages. None: send() says why. Not by the vtable, as only
  // sendmmsg() needs it.
  SentList send_list(const SendRequest* requests, size_t count);

  Result<uint64_t> host_option(HostOption option) override;
  Errno set_host_option(HostOption option, uint64_t value) override;

  // SIOCGSTAMP's, of the last datagram that was taken: nanoseconds since 1970; 0: unknown, as nobody had asked; below 0: there was none.
  // Datagrams are stamped by the clock, once there is one.
  int64_t stamp_ns = -1;
  int64_t (*stamp_clock)() = nullptr;

 private:
  // Who chose the port. Linux gives up its own choice when a socket is disconnected, and so does the host's kernel.
  enum class Port : uint8_t {
    none,     // unbound
    any,      // the host
    settled,  // the host, but its socket was bound to it by number since, and keeps it whatever happens
    program,
  };
  // The family of the source address of an IPv6 socket, if it's decided.
  enum class SourceFamily : uint8_t { open, ipv4, ipv6 };

  // Where a socket is bound. The default, with the wildcard of its family, is an unbound socket.
  struct Binding {
    explicit Binding(const SocketAddress& address, Port port = Port::none)
        : address(address), port(port), source(first_source()) {}
    SourceFamily first_source() const { return address.is_ipv4_mapped() ? SourceFamily::ipv4 : SourceFamily::open; }

    SocketAddress
        address;  // of an unbound socket: what it is going to be bound to, unless the program says something else
    Port port;
    SourceFamily source;  // the one of the first connect() stays
    uint16_t number = 0;  // of the port; 0: not asked for
    Endpoint ipv4;        // beside a socket that is bound to the wildcard of IPv6
    ExpectedDatagrams expected;
  };
  // Whom a connected socket talks to; the default is nobody.
  struct Peer {
    SocketAddress address;
    Endpoint* endpoint = nullptr;
  };

  bool is_bound() const { return binding_.port != Port::none; }
  bool is_connected() const { return peer_.endpoint != nullptr; }
  // The endpoint that has the socket's name.
  Endpoint& endpoint() { return is_connected() ? *peer_.endpoint : main_; }
  // The endpoint that talks to `address`, which becomes what that understands. ENETUNREACH: none.
  Result<Endpoint*> endpoint_for(SocketAddress& address);

  // As the kernel does before a send or a connect. EAGAIN: no port is free.
  Errno ensure_bound();
  Errno bind_both(const SocketAddress& address, Endpoint& ipv4);
  Errno disconnect();
  Errno reconnect(Endpoint& endpoint, const SocketAddress& remote);
  Errno give_up_port();
  Errno settle_port();
  Errno settle_port(Endpoint& endpoint, uint16_t number);
  void take_over_arrived(Endpoint& endpoint);
  uint16_t port_number();
  // An address to connect or send to.
  Result<SocketAddress> read_remote(const sockaddr* address, socklen_t length);

  void look_for_error() override;

  // A receive that is under way.
  struct Delivery;
  // Whether there is something to receive: success, or EAGAIN. Asks the host if the queue is empty.
  Errno readable();
  // The same for a receive, which takes the first datagram past the queue.
  Errno readable(Delivery& delivery);
  // Asks the host for at most `most` datagrams, of which the first goes to the delivery. Success: there were some. EAGAIN: none, but
  // perhaps an error is pending now.
  Errno ask_host(Endpoint& endpoint, size_t most, Delivery& delivery);
  Errno ask_endpoints(size_t most, Delivery& delivery);
  // And once more when what is expected has come.
  Errno ask(size_t most, Delivery& delivery);
  Errno take_answer(const Result<size_t>& received);
  void look_for_refusal();
  void stamp();
  // Whether more is wanted: there is nothing, or somebody wants to know of each datagram.
  bool needs_input(Events wanted) const {
    constexpr uint32_t look_ahead_limit = 32;
    return queue_.empty() || ((wanted & events::more_input) != 0 && queue_.count() < look_ahead_limit);
  }
  void look_for_news(Events wanted, bool probe);

  // Whether a send by `endpoint` would be taken: success, EAGAIN, or the error that it would tell.
  Errno writable(Endpoint& endpoint) const;
  Errno check(const SendRequest& request);
  Errno send_datagram(const SendRequest& request);
  Result<size_t> send_corked(const SendRequest& request);
  Errno send_from(Endpoint& endpoint, const host::OutgoingDatagram& datagram);
  // Sends to somebody else than the socket is connected to.
  Errno send_elsewhere(Endpoint& endpoint, const host::OutgoingDatagram& datagram);
  struct Batch;
  bool add_to(Batch& batch, const SendRequest& request);

  // What the program's own sockets know of each other.
  void enter_list();
  void leave_list();
  bool receives_from(UdpSocket& sender, const SocketAddress& destination);
  void tell_receiver(const SocketAddress* destination);
  bool await_expected();

  Binding binding_;
  Endpoint main_;  // of IPv4 for an IPv6 socket that is bound to an IPv4 address
  Peer peer_;
  DatagramQueue queue_;
  Cork cork_;
  uint8_t shut_ = 0;             // shutdown_receive, shutdown_send
  uint8_t finds_ = 0;            // receives in a row that found something
  bool waited_in_vain_ = false;  // the last receive found nothing, and the program went to wait
  bool ipv4_first_ = false;      // of two endpoints

  UdpSocket* next_ = nullptr;  // of all UDP sockets
  UdpSocket** link_ = nullptr;
};

}  // namespace posix_sockets
