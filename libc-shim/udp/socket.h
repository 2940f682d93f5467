// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SOCK_DGRAM over wasi:sockets/udp.
#pragma once

#include "description/socket.h"
#include "wit-bindings/udp.h"

namespace posix_sockets {

struct SentList {
  size_t count = 0;
  bool stopped = false;  // the one behind them failed, or found no room
};

class UdpSocket final : public Socket {
 public:
  static constexpr Kinds kinds = Kind::udp;

  UdpSocket(Family family, wasi::UdpSocket host);
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
  // A datagram that was looked at and not yet received; its data follow in the same block of memory.
  struct Stash {
    Stash* next;
    size_t size;
    SocketAddress source;
    const uint8_t* data() const { return reinterpret_cast<const uint8_t*>(this + 1); }
  };

  // A host socket with its streams. A WASI socket takes one family, so an IPv6 socket that takes IPv4, too, has two.
  // The order makes dropping right: pollables, then streams, then the socket.
  struct Half {
    Half() = default;
    // Assigning would drop the old socket before its streams.
    Half(const Half&) = delete;
    Half& operator=(const Half&) = delete;

    wasi::UdpSocket host;
    wasi::IncomingDatagramStream incoming;
    wasi::OutgoingDatagramStream outgoing;
    wasi::Pollable incoming_pollable;
    wasi::Pollable outgoing_pollable;
    bool has_sent = false;  // at least once, on these streams

    void drop_streams();
    void drop() {
      drop_streams();
      host.reset();
    }
    Errno open_streams(const SocketAddress* remote);
    Errno bind(const SocketAddress& address);
    Errno replace_host(Family family);
  };

  void look_for_error() override { progress(); }
  void progress();
  // An address to connect or send to.
  Result<SocketAddress> read_remote(const sockaddr* address, socklen_t length);
  Errno give_up_port();

  // Binds to the wildcard if need be: a WASI socket must be bound before it has streams.
  Errno ensure_streams();
  void take_over_arrived(Half& half);
  Errno bind_both(const SocketAddress& address);
  // The half that talks to `address`, which becomes what that understands. ENETUNREACH: none.
  Result<Half*> half_for(SocketAddress& address);
  // Makes sure that the stash has a datagram. EAGAIN: there is none.
  Errno look_ahead();
  // Asks the host once: the first datagram goes straight to `request` if there is one, the others to the stash.
  // The number of datagrams.
  Result<size_t> ask_host(Half& half, uint64_t most, ReceiveRequest* request, size_t* size);
  // The same for the halves in turns.
  Result<size_t> ask_halves(uint64_t most, ReceiveRequest* request, size_t* size);
  // And once more when what is underway has come.
  Result<size_t> ask_hosts(uint64_t most, ReceiveRequest* request, size_t* size);
  struct Delivery;
  static void deliver(ReceiveRequest& request, const uint8_t* data, size_t size, const SocketAddress& source);
  static void take_datagram(void* context, const uint8_t* data, size_t size, const SocketAddress& source);
  void drop_first();
  // Whether to ask the host for more: there is nothing, or somebody wants to know of each datagram.
  bool needs_input(Events wanted) const {
    constexpr uint8_t look_ahead_limit = 32;
    return stash_ == nullptr || ((wanted & events::more_input) != 0 && stashed_ < look_ahead_limit);
  }
  // Gives the host socket its port for good, see send_elsewhere().
  Errno settle_port();
  Errno settle_port(Half& half, const SocketAddress& local);
  uint16_t local_port();
  // What the program's own sockets know of each other, see udp_own_arrivals.cpp.
  void enter_list();
  void leave_list();
  void tell_receiver(const SocketAddress* destination);
  bool await_underway();
  // Finds the refusal that the host doesn't tell by receive.
  void guess_refusal();
  void refusal_sent(bool refused);  // what the host says of a send
  // Whether a host's pollable ends being ready when nothing is there any more. Tries that out, once.
  static bool host_tells_truth();
  static bool try_host();
  // Sends to somebody else than the socket is connected to.
  Errno send_elsewhere(Half& half, const void* data, size_t size, const SocketAddress& destination);
  // What MSG_MORE holds back.
  struct Held;
  Result<size_t> begin_held(const SendRequest& request);
  Result<size_t> send_behind_held(const SendRequest& request);
  void drop_held();
  // EAGAIN: nothing can be sent now.
  Errno ask_to_send(Half& half);
  static Errno errno_of_send(wasi::ErrorCode error);
  struct Batch;
  bool add_to(Batch& batch, const SendRequest& request);
  Errno send_now(Half& half, const void* data, size_t size, const SocketAddress* destination);

  bool bound_ = false;
  bool connected_ = false;
  bool receive_shut_ = false;
  bool send_shut_ = false;
  bool refusal_guessed_ = false;  // told from the pollable; the host's next send tells it again
  bool refusal_sent_ = false;     // a send told it, and none went out since
  bool empty_before_ = false;     // the last receive found nothing, and the program went to wait
  bool pollable_stuck_ = false;   // always ready since then: worthless to wait for
  SocketAddress remote_;
  bool port_chosen_ = false;     // by the program
  bool address_chosen_ = false;  // the program bound to bind_address_, whose port was given up
  bool source_in_ipv4_ = false;  // of an IPv6 socket: it has an IPv4 address, by bind() or the first connect()
  bool source_in_ipv6_ = false;  // by connect()
  bool port_settled_ = false;    // the host socket was bound to its port by number
  uint16_t stashed_ = 0;         // datagrams in the stash
  uint8_t burst_ = 0;            // receives in a row that found something
  SocketAddress bind_address_;
  Stash* stash_ = nullptr;
  Stash** stash_end_ = &stash_;
  Held* held_ = nullptr;

  Family main_family_;  // IPv4 for an IPv6 socket that is bound to an IPv4 address
  bool companion_turn_ = false;
  Half main_;
  Half companion_;  // in IPv4, beside a socket that is bound to the IPv6 wildcard
  Half* connected_half_ = nullptr;
  wasi::Pollable retry_timer_;  // of retry_at_
  uint64_t retry_at_ = 0;

  UdpSocket* next_ = nullptr;  // of all UDP sockets
  UdpSocket** link_ = nullptr;
  uint32_t underway_ = 0;  // datagrams that the program's sockets have sent here, and that weren't taken from the host
  uint32_t old_underway_ = 0;  // of those, the ones that were under way when an arrival was last counted
  uint16_t local_port_ = 0;    // 0: not asked for
};

}  // namespace posix_sockets
