// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SOCK_STREAM over TCP: one of the states of state.h, and what survives all of them.
#pragma once

#include "description/socket.h"
#include "support/memory.h"
#include "tcp/binding.h"
#include "tcp/state.h"

namespace posix_sockets {
namespace tcp {
struct Peers;
}

// What a receive, and a send, finds.
enum class Readable : uint8_t { bytes, end, error, not_connected, not_yet };
enum class Writable : uint8_t { room, over, error, not_yet };

class TcpSocket final : public Socket {
 public:
  static constexpr Kinds kinds = Kind::tcp;

  explicit TcpSocket(Family family) : Socket(family, SocketType::stream) { enter_list(); }
  TcpSocket(Family family, host::TcpSocket host) : TcpSocket(family) {
    state_.as<tcp::Unconnected>()->own = static_cast<host::TcpSocket&&>(host);
  }
  ~TcpSocket() { leave_list(); }

  void release() override;

  // Operations for verbs.h: not by the vtable, so that a program links only those that it calls.
  Errno tcp_bind(const SocketAddress& address);
  Errno tcp_listen(int backlog);
  Errno tcp_connect_to(const sockaddr* address, socklen_t length);
  Errno tcp_finish_connect();
  Result<Socket*> tcp_accept();
  Errno tcp_shutdown(unsigned how);
  Result<SocketAddress> tcp_local_address();
  Result<SocketAddress> tcp_remote_address();
  Errno accepted_name(sockaddr* out, socklen_t* length);
  void tcp_gathering_changed(bool cork, bool no_delay);
  Result<uint64_t> tcp_host_option(host::Option option);
  Errno tcp_set_host_option(host::Option option, uint64_t value);
  Result<int> tcp_readable_bytes();
  Result<int> tcp_unsent_bytes();
  int64_t tcp_buffered();
  int64_t tcp_room();
  // TCP_ESTABLISHED and so on, of <netinet/tcp.h>. Looks at what has come meanwhile.
  uint8_t tcp_state();

  bool is_listening() const override { return state_.is<tcp::Listening>(); }
  bool is_connecting() const override { return state_.is<tcp::Connecting>(); }
  bool has_port() override;

  Result<size_t> receive(ReceiveRequest& request) override;
  size_t send_plain(const void* data, size_t size) override;
  Result<size_t> send(SendRequest& request) override;
  Events ready(Events wanted, bool probe) override;
  void subscribe(Events wanted, PollSet& set, uint32_t tag) override;
  // SO_LINGER: adds what is to be waited for before the socket is released. False: nothing, or no more.
  bool linger_step(PollSet& set);
  Deadline linger_deadline() const { return Deadline::after(host::now(), linger_ns()); }
  bool delays_end() override;
  bool drain_step(Ending& ending) override;
  void receive_low_water_changed() override;

 private:
  friend class tcp::Connected;
  friend class tcp::Listener;
  friend struct tcp::Peers;
  friend void drain_lingering();

  // readiness.cpp: what receive, send and ready decide by.
  Readable readable() const;
  Writable writable(size_t* room);
  [[gnu::noinline]] size_t unread_size() const;
  bool ended_in_order() const;
  [[gnu::noinline]] bool receive_is_over() const;
  [[gnu::noinline]] bool send_is_over() const;
  // The pending error, once; or else `usual`.
  Errno tell_error_or(Errno usual);
  Errno why_not(Writable now);

  void look_for_error() override;
  // Brings a connect under way up to date.
  void progress() {
    if (state_.is<tcp::Connecting>()) tcp::late.finish_connect(*this);
  }
  // What a bound one has in the host. EINVAL: nothing.
  Result<SocketAddress> bound_address();
  // Whether there is a connection and it isn't over.
  bool is_connected_still();

  // connect.cpp
  Errno connect_again();
  Errno start_connect(const SocketAddress& address);
  Errno bind_before_connect();
  // Of a bound one whose host's socket is gone: another one on the same address.
  Errno bind_again_if_lost();
  Errno see_first_answer(const SocketAddress& remote);
  void finish_host_connect();
  Errno report_failed_connect();
  Result<host::TcpSocket*> choose_host_for(SocketAddress& remote);
  Errno disconnect();
  // As new, with the same options; bound again to a port of the program's choice.
  Errno become_unconnected();
  // A connection that is over leaves the host.
  void become_ended(bool in_order);
  // Null: it is connected or listening, or on the way to it.
  tcp::Unconnected* hosts();
  // The host's socket at `slot`, made if there is none.
  Errno make_host(host::TcpSocket& slot, Family its_family) const;

  // bind.cpp
  bool can_be_bound();
  Errno bind_now(const SocketAddress& address);
  Errno bind_hosts(const SocketAddress& address);
  Errno bind_both(const SocketAddress& address);
  Errno listen_now(uint64_t backlog);
  bool is_taken(const SocketAddress& address);
  uint16_t local_port();

  // options.cpp
  struct HostOptions {
    uint8_t set = 0;  // bit per option
    uint64_t values[host::option_count] = {};
  };
  template <class Use>
  Errno with_host(Use use);
  template <class Host>
  void apply_options(Host& host) const;

  // close.cpp
  uint64_t linger_ns() const;
  bool breaks_off() const { return options.linger && options.linger_seconds == 0; }
  void close_later();
  tcp::Connected* connection() { return state_.as<tcp::Connected>(); }
  static void sweep_closed();
  static bool drain_closed_step(Ending& ending);

  // Of all TCP sockets.
  void enter_list() {
    next_ = first_;
    link_ = &first_;
    if (first_ != nullptr) first_->link_ = &next_;
    first_ = this;
  }
  void leave_list() {
    *link_ = next_;
    if (next_ != nullptr) next_->link_ = link_;
  }
  static inline TcpSocket* first_;
  static inline unsigned closed_count_;

  TcpSocket* next_ = nullptr;
  TcpSocket** link_ = nullptr;
  tcp::Binding binding_;
  Owner<HostOptions> host_options_;         // that the program set, for the next host socket
  [[no_unique_address]] tcp::State state_;  // what follows takes its padding
  bool receive_shut_ = false;               // by shutdown(), also of one that isn't connected
  bool send_shut_ = false;
  bool closed_ = false;  // with something left to send
};

#if defined(__wasm32__)
// Most of what an idle connection takes. A server has thousands of them.
static_assert(sizeof(TcpSocket) <= 360);
#endif

// Waits as at exit for the sockets that were closed with something left to send.
void drain_lingering();

}  // namespace posix_sockets
