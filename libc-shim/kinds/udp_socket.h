// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SOCK_DGRAM over wasi:sockets/udp.
#pragma once

#include "kinds/socket.h"
#include "wit-bindings/udp.h"

namespace posix_sockets {

class UdpSocket final : public Socket {
 public:
  UdpSocket(Family family, wasi::UdpSocket host);
  ~UdpSocket();

  uint8_t bands() const override { return bands::normal_read | bands::normal_write | bands::band_write; }
  void release() override;

  Errno bind(const SocketAddress& address) override;
  Errno connect(const SocketAddress* address) override;
  Errno shutdown(unsigned how) override;
  Result<SocketAddress> local_address() override;
  Result<SocketAddress> remote_address() override;

  Result<size_t> receive(ReceiveRequest& request) override;
  Result<size_t> send(SendRequest& request) override;
  SentList send_list(const SendRequest* requests, size_t count) override;
  Events ready(Events wanted, bool probe) override;
  void subscribe(Events wanted, PollSet& set, uint32_t tag) override;
  Result<int> readable_bytes() override;
  Result<int> unsent_bytes() override { return 0; }

  Result<uint64_t> host_option(HostOption option) override;
  Errno set_host_option(HostOption option, uint64_t value) override;

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
    wasi::UdpSocket host;
    wasi::IncomingDatagramStream incoming;
    wasi::OutgoingDatagramStream outgoing;
    wasi::Pollable incoming_pollable;
    wasi::Pollable outgoing_pollable;
    bool has_sent = false;  // at least once, on these streams

    void drop_streams();
    Errno open_streams(const SocketAddress* remote);
    Errno bind(const SocketAddress& address);
    Errno replace_host(Family family);
  };

  void progress() override;
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
  Result<size_t> ask_hosts(uint64_t most, ReceiveRequest* request, size_t* size);
  struct Delivery;
  static void deliver(ReceiveRequest& request, const uint8_t* data, size_t size, const SocketAddress& source);
  static void take_datagram(void* context, const uint8_t* data, size_t size, const SocketAddress& source);
  void drop_first();
  // Gives the host socket its port for good, see send_elsewhere().
  Errno settle_port();
  Errno settle_port(Half& half, const SocketAddress& local);
  // Finds the refusal that the host doesn't tell by receive.
  void guess_refusal();
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
  bool pollable_stuck_ = false;   // always ready since then: worthless to wait for
  SocketAddress remote_;
  bool port_chosen_ = false;     // by the program
  bool address_chosen_ = false;  // the program bound to bind_address_, whose port was given up
  bool port_settled_ = false;    // the host socket was bound to its port by number
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
  wasi::Pollable retry_timer_;
};

}  // namespace posix_sockets
