// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SOCK_STREAM over wasi:sockets/tcp.
#pragma once

#include "description/read_buffer.h"
#include "description/socket.h"
#include "support/memory.h"
#include "wit-bindings/tcp.h"

namespace posix_sockets {

class TcpSocket final : public Socket {
 public:
  static constexpr Kinds kinds = Kind::tcp;

  // `host_family` is IPv4 for an IPv6 socket whose peer is in IPv4.
  TcpSocket(Family family, Family host_family, wasi::TcpSocket host);
  ~TcpSocket() {
    drop_held();
    drop_listener();
    if (other_end_ != nullptr) part();
    look_for_other_end(false);
    if (permit_of_ == this) permit_of_ = nullptr;
    leave_list();
  }

  void release() override;

  // Operations for verbs.h: not by the vtable, so that a program links only those that it calls.
  Errno tcp_bind(const SocketAddress& address);
  Errno tcp_listen(int backlog);
  Errno tcp_connect(const SocketAddress* address);
  Errno tcp_connect_to(const sockaddr* address, socklen_t length);
  Errno tcp_finish_connect();
  Result<Socket*> tcp_accept();
  Errno tcp_shutdown(unsigned how);
  Result<SocketAddress> tcp_local_address();
  Result<SocketAddress> tcp_remote_address();
  Errno accepted_name(sockaddr* out, socklen_t* length);
  void tcp_gathering_changed(bool cork, bool no_delay);
  Result<uint64_t> tcp_host_option(HostOption option);
  Errno tcp_set_host_option(HostOption option, uint64_t value);
  Result<int> tcp_readable_bytes();
  Result<int> tcp_unsent_bytes();
  int64_t tcp_buffered();
  int64_t tcp_room();

  bool is_listening() const override { return state_ == State::listening; }
  bool has_port() override;
  bool is_connecting() const override { return state_ == State::connecting; }
  // TCP_ESTABLISHED and so on, of <netinet/tcp.h>. Looks at what has come meanwhile.
  uint8_t tcp_state();

  Result<size_t> receive(ReceiveRequest& request) override;
  size_t send_plain(const void* data, size_t size) override;
  Result<size_t> send(SendRequest& request) override;
  Events ready(Events wanted, bool probe) override;
  void look_for_input() override;
  void subscribe(Events wanted, PollSet& set, uint32_t tag) override;
  bool delays_end() override { return !(options.linger && options.linger_seconds == 0) && has_unsent(); }
  bool drain_step(Ending& ending) override;
  // `progressed`: the last instant since when it got on, or was closed; 0: when the program's end began.
  bool drain_step(Ending& ending, uint64_t progressed);
  void receive_low_water_changed() override;

  // Whether the host still has bytes to deliver, so that dropping the streams now would make the program wait.
  bool has_unsent();

 private:
  enum class State : uint8_t {
    fresh,       // created, perhaps bound
    connecting,  // start-connect done, finish-connect not yet
    connected,   // has streams; stays so after both ends are over
    listening,
    failed,  // a connect failed; the error is pending or was reported by SO_ERROR
  };

  void look_for_error() override;
  // Brings a connect under way up to date.
  void progress() {
    if (state_ == State::connecting) on_.finish(*this);
  }
  void finish_host_connect();
  Errno report_failed_connect();

  // Whether the connection is over in both directions, as far as the guest has heard.
  bool is_over() const { return (input_ended_ && send_shut_) || error_latched_; }
  // The same when the host has been asked, see tcp_over.cpp.
  bool turns_out_over();
  // A connection has them until its host socket is replaced, which only happens when it's over.
  bool has_streams() const { return state_ == State::connected && !host_replaced_; }
  void take_in_end();
  bool may_have_error_behind(Events wanted, bool probe, bool was_there);
  void look_behind_input();
  bool was_heard_since_wait() const { return heard_at_ == static_cast<uint16_t>(wait_count); }
  void hear() { heard_at_ = static_cast<uint16_t>(wait_count); }
  // What AF_UNSPEC does: the socket becomes as new, and a connection is broken off.
  Errno disconnect();
  void mark_shut(unsigned how);
  void forget_connection();
  // A new host socket in place of one that can't be used again, with the same options and binding.
  Errno reopen();
  // A new host socket with the same options, bound to nothing; the old one and its companion are gone. A connection must be
  // over, and what arrived must have been taken in: from here on there is nothing to ask.
  Errno replace_host(Family family);
  void install_host(wasi::TcpSocket fresh, Family family);
  Errno bind_both(const SocketAddress& address);
  Errno choose_host_for(SocketAddress& remote);
  void apply_host_options(wasi::TcpSocket& host) const;
  void give_up_port();
  // A name to show that the host socket doesn't have, or has no more.
  void show_name(const SocketAddress& name);

  // What the program's own sockets know of each other, see tcp_own_peers.cpp.
  void enter_list();
  void leave_list();
  uint16_t local_port();
  static TcpSocket* find_connected(const SocketAddress& local, const SocketAddress& remote);
  static bool finish_connecting();
  TcpSocket* other_end();
  void be_reset(bool after_end);
  void reset_other_end();
  void deafen_other_end();
  // Whether a socket of the program listens at the port.
  static bool listens_at(uint16_t port);
  // Whether another socket of the program has the port, so that Linux would refuse it.
  bool is_taken(const SocketAddress& address);
  bool send_into_reset();
  // The same, see tcp_own_arrivals.cpp.
  void pair_with_client();
  // Of a client: its other end may be the program's next accepted connection.
  void look_for_other_end(bool value) {
    if (searches_ != value) searching_ += value ? 1u : -1u;
    searches_ = value;
  }
  void part();
  void expect_end() {
    ++underway_;
    ++edges;
    expects_end_ = true;
  }
  bool await_underway();
  void let_output_go();
  bool can_be_bound();
  Errno bind_now(const SocketAddress& address);
  void adopt(wasi::TcpStreams streams);

  // Changes with all by which more can have arrived, as far as the program can tell: it has waited, or written itself.
  static inline uint32_t write_count;
  static uint32_t moment() { return wait_count + write_count; }

  bool needs_input(Events wanted) const;
  // Reads once from the host, and keeps what that tells. A failure is the end of the input.
  wasi::StreamResult read_host(void* room, size_t size);
  // Reads once into the read-ahead buffer, `size` bytes at the most; EAGAIN: nothing there.
  Errno fill(size_t size);
  // How much to ask for: the host zeroes what it is asked for, so it's more only when much came the last time.
  size_t ask_for() const { return reads_much_ ? large_read : small_read; }
  static constexpr size_t small_read = ReadBuffer::usual_capacity;
  static constexpr size_t large_read = ReadBuffer::large_capacity;
  static constexpr size_t least_read = 1024;  // where most likely nothing is there
  // Handles the end of the input stream in every form.
  void end_input(wasi::StreamStatus status);
  void end_output(wasi::StreamStatus status);
  // The connection's fatal error, which is kept once.
  void latch_error(wasi::StreamStatus status);
  // Output that is held back, see tcp_hold.cpp.
  static void before_wait(PollSet& set);
  static void before_call(const Description* target);
  bool wants_to_hold(const SendRequest& request) const;
  bool hold(const SendRequest& request);
  uint64_t linger_ns() const;
  // Waits until nothing is unsent. The last instant when it got on.
  uint64_t drain(uint64_t longest_ns);
  void leave_behind();
  void flush_held();
  bool held_is_old();
  void drop_held();
  void end_sending();
  void send_end() {
    (void)host_.shutdown(wasi::ShutdownType::send);
    if (other_end_ != nullptr) other_end_->expect_end();
  }
  Result<size_t> send_behind_held(SendRequest& request);
  Errno fail_send(wasi::StreamStatus status);
  bool is_full();

  wasi::StreamStatus write_out(const void* data, size_t size) {
    may_be_writing_ = just_wrote_ = true;
    last_write_ = static_cast<uint32_t>(size);
    ++write_count;
    if (permit_of_ == this) permit_of_ = nullptr;
    if (other_end_ != nullptr) {
      other_end_->underway_ += last_write_;
      ++other_end_->input_edges;
    }
    return output_.write(data, size);
  }
  // check-write of the output stream, with the host's own writing brought up to date.
  wasi::StreamResult check_write();
  void drop_listener();
  Result<size_t> receive_direct(const Buffers& buffers, size_t size);
  Result<size_t> peek(ReceiveRequest& request);

  const wasi::Pollable& socket_pollable();
  const wasi::Pollable& input_pollable() { return input_pollable_ ? input_pollable_ : new_input_pollable(); }
  const wasi::Pollable& new_input_pollable();
  const wasi::Pollable& output_pollable();

  // What only sockets that went through an operation need, set by that operation.
  struct Hooks {
    void (*finish)(TcpSocket& socket);                                      // connect: finish_host_connect()
    Errno (*bind_again)(TcpSocket& socket);                                 // bind
    void (*apply_options)(const TcpSocket& socket, wasi::TcpSocket& host);  // set_host_option
    bool gathers_for_no_delay;                                              // gathering_changed
  };
  static inline Hooks on_;
  // The same of tcp_own_peers.cpp, set by listen: only a program that listens can have both ends of a connection.
  struct OwnPeers {
    void (*reset_other_end)(TcpSocket& socket);
    void (*deafen_other_end)(TcpSocket& socket);
    bool (*send_into_reset)(TcpSocket& socket);
    bool (*await_underway)(TcpSocket& socket);
    bool (*listens_at)(uint16_t port);
  };
  static const OwnPeers own_peers_functions;
  static inline const OwnPeers* own_peers_;
  static inline unsigned searching_;
  // What send_plain() found and left to send().
  static inline wasi::StreamResult permit_;
  static inline const TcpSocket* permit_of_;

  State state_ = State::fresh;
  bool bound_ = false;            // by bind(), so that reopen() must repeat it
  bool host_replaced_ = false;    // of a connection that is over: the host socket is a fresh one
  bool searches_ = false;         // see look_for_other_end()
  bool expects_end_ = false;      // the other end, in this program, has ended sending, and edges counts it
  bool arrival_counted_ = false;  // what the last read brought was counted when another socket of the program sent it
  bool room_underway_ = false;    // the other end, in this program, has read all that was there
  bool peer_is_deaf_ = false;     // the other end, in this program, was shut down in both directions, or closed
  bool input_ended_ = false;      // EOF or an error: nothing more comes
  bool ended_in_order_ = false;   // EOF, so that receive() returns 0 whatever happens later
  bool output_ended_ = false;     // the host takes no more
  bool receive_shut_ = false;     // by shutdown()
  bool send_shut_ = false;
  bool sent_after_end_ = false;    // to a peer that had sent its end, and may be gone
  bool error_latched_ = false;     // the connection's fatal error was recorded once; it isn't recorded again
  bool connect_reported_ = false;  // connect() returned, or will return, 0 for this connection
  bool last_read_full_ = false;
  bool reads_much_ = false;  // the last read brought more than a small buffer holds
  bool just_wrote_ = false;  // since the last read: an answer is mostly not there yet
  // The last read brought something: only an empty one makes the host's pollable tell the truth again.
  bool owes_empty_read_ = false;
  bool was_writable_ = false;        // at least once
  bool may_be_writing_ = false;      // something was written since the host last had room
  bool corked_ = false;              // TCP_CORK
  bool no_delay_ = false;            // TCP_NODELAY
  bool held_for_more_ = false;       // by MSG_MORE or TCP_CORK, so that only those and a wait let it go
  bool end_pending_ = false;         // shutdown(send) is due when nothing is held any more
  bool port_chosen_ : 1 = false;     // by the program: Linux gives up others when the socket is done with them
  bool address_chosen_ : 1 = false;  // the program bound to bind_address_, whose port was given up
  bool name_shown_ : 1 = false;      // shown_name_ is the socket's name
  bool dead_ : 1 = false;            // shut down after a connect that failed: it never connects again
  bool look_due_ : 1 = false;  // time has passed since it was heard of, so that an error may be behind what comes next
  uint8_t looks_skipped_ = 0;
  uint16_t heard_at_ = 0;  // the last digits of wait_count when the host last told something of the connection
  uint64_t held_since_ = 0;
  uint32_t read_at_ = 0;     // moment() of the last read from the host
  uint32_t last_write_ = 0;  // bytes that the host was given last
  TcpSocket* next_holding_ = nullptr;
  FastPath fast_;
  Family host_family_;
  SocketAddress bind_address_;
  SocketAddress shown_name_;
  uint16_t local_port_ = 0;    // 0: not asked for
  TcpSocket* next_ = nullptr;  // of all TCP sockets
  TcpSocket** link_ = nullptr;
  TcpSocket* other_end_ = nullptr;  // of a connection whose ends are both the program's
  uint32_t underway_ = 0;           // what that has sent and this one hasn't read: bytes, and one more for the end
  struct Listener;
  Listener* listener_ = nullptr;  // of one that listens
  // The options that the program set and the host keeps, for another host socket in place of this one.
  struct HostOptions {
    uint8_t set = 0;  // bit per HostOption
    uint64_t values[host_option_count] = {};
  };
  Owner<HostOptions> host_options_;  // of one that has any

  // The order makes dropping right: pollables, then streams, then sockets.
  wasi::TcpSocket host_;
  wasi::TcpSocket companion_;  // in IPv4, beside a socket that is bound to the IPv6 wildcard
  wasi::InputStream input_;
  wasi::OutputStream output_;
  wasi::Pollable socket_pollable_;
  wasi::Pollable companion_pollable_;
  wasi::Pollable input_pollable_;
  wasi::Pollable output_pollable_;
};

#if defined(__wasm32__)
// Most of what an idle connection takes. A server has thousands of them.
static_assert(sizeof(TcpSocket) <= 360);
#endif

// Waits as at exit for the sockets that were closed with something left to send.
void drain_lingering();

}  // namespace posix_sockets
