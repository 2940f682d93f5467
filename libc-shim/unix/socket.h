// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// AF_UNIX: sockets whose peers are in the same process.
//
// As in the kernel a sender puts its messages into the receiver's queue and pays for them from its own send buffer until
// they are taken. A closed socket's memory stays while messages or a peer refer to it.
//
// A path in a directory that was granted to the guest is made an empty regular file (WASI makes no sockets): stat, unlink,
// rename and EADDRINUSE are then as with a kernel, only S_ISSOCK isn't true of it. A path elsewhere lives in the process
// alone, from bind() to the socket's end, and no file call sees it.
#pragma once

#include "description/socket.h"
#include "unix/paths.h"
#include "unix/queue.h"

namespace posix_sockets {

class UnixSocket final : public Socket {
 public:
  static constexpr Kinds kinds = posix_sockets::kinds::unix_sockets;

  explicit UnixSocket(SocketType type) : Socket(Family::unix_domain, type) {}

  void release() override;

  Errno bind_to(const sockaddr* address, socklen_t length) override;
  Errno listen(int backlog) override;
  // Also EAGAIN: the listener's queue is full.
  Errno connect_to(const sockaddr* address, socklen_t length) override;
  Errno finish_connect() override { return success; }
  Result<Socket*> accept() override;
  Errno shutdown(unsigned how) override;
  bool is_listening() const override { return state_ == State::listening; }
  Errno local_name(sockaddr* out, socklen_t* length) override;
  Errno remote_name(sockaddr* out, socklen_t* length) override;
  Errno source_name(const ReceiveRequest& request, sockaddr* out, socklen_t* length) override;
  Errno set_destination(SendRequest& request, const sockaddr* address, socklen_t length) override;

  Result<size_t> receive(ReceiveRequest& request) override;
  Result<size_t> send(SendRequest& request) override;
  Events ready(Events wanted, bool probe) override;
  Result<int> readable_bytes() override;
  Result<int> unsent_bytes() override;
  int64_t buffered() override {
    return static_cast<int64_t>(state_ == State::listening ? backlog_.count() : queue_.bytes());
  }
  int64_t room() override { return has_room() ? static_cast<int64_t>(send_buffer_ - charge_) : 0; }

  Result<uint64_t> host_option(HostOption option) override;
  Errno set_host_option(HostOption option, uint64_t value) override;

  bool knows_peer() const override { return knows_peer_; }

  // Of a listener's backlog.
  UnixSocket* next_waiting = nullptr;

  // From now on sockets that only each other's messages hold are found, and freed.
  static void watch_rights();

  // Makes a pair, each the other's peer.
  void pair_with(UnixSocket& other);

 private:
  enum class State : uint8_t { fresh, connected, listening };

  // References to the object itself, apart from those of descriptors.
  void hold() { ++holds_; }
  void let_go();
  void set_peer(UnixSocket* peer);

  // The socket that is bound to `address`. ECONNREFUSED: none; ENOENT and the like: of the path; EPROTOTYPE.
  Result<UnixSocket*> find(const UnixAddress& address);
  UnixSocket* find_abstract(const UnixAddress& address) const;
  Errno bind_abstract(const UnixAddress& address);
  Errno bind_path(const UnixAddress& address);
  Errno bind_automatically();
  void enter(const UnixAddress& address);
  void leave();

  Errno connect_datagrams(const sockaddr* address, socklen_t length);
  // The peer of a datagram socket isn't its peer any more.
  void forget_peer();
  bool may_send_to(const UnixSocket& other) const { return other.peer_ == nullptr || other.peer_ == this; }

  Result<size_t> send_stream(SendRequest& request);
  Result<size_t> send_message(SendRequest& request);
  Result<size_t> deliver_message(SendRequest& request, const UnixAddress& address);
  Result<UnixSocket*> destination_of(const SendRequest& request, const UnixAddress& name);
  // Moves `size` bytes into `to`'s queue. ENOMEM.
  Errno queue(UnixSocket& to, SendRequest& request, size_t offset, size_t size);
  bool has_room() const { return charge_ < send_buffer_; }
  // What the kernel wants before it calls a socket writable, with a count of its own that begins at 1.
  bool has_much_room() const { return (charge_ + 1) * 4 <= send_buffer_; }
  bool passes_credentials() const { return options.is_on(Stored::pass_credentials); }
  bool is_full() const { return (state_ == State::listening ? backlog_.count() : queue_.count()) > most_waiting_; }
  bool is_crowded_out();

  Result<size_t> receive_stream(ReceiveRequest& request);
  // Of a stream without data: its error, its end, or EAGAIN.
  Result<size_t> tell_end();
  // The message behind `size` bytes of the first one that are taken; null: some of it is left.
  UnixMessage* take_bytes(size_t size);
  Result<size_t> receive_message(ReceiveRequest& request);
  Errno take_rights(UnixMessage& message, ReceiveRequest& request);
  static void note_sender(const UnixMessage& message, ReceiveRequest& request);
  void drop_first();
  void purge();

  static void count_in_flight(Description& description, int change);
  static void after_drop(Description& description, int number);
  static void collect();
  bool is_held_by_messages() const { return references == in_flight_.references; }
  template <class Visit>
  void visit_sent(Visit visit);

  static constexpr size_t default_buffer = 212992;
  static constexpr unsigned default_queue = 10;  // net.unix.max_dgram_qlen

  State state_ = State::fresh;
  bool crowded_ = false;     // seen unwritable because the peer's queue is full
  bool dead_ = false;        // the last descriptor was closed
  uint8_t shut_ = 0;         // shutdown_receive, shutdown_send
  bool has_file_ = false;    // bound to a path that a file stands for
  bool knows_peer_ = false;  // SO_PEERCRED has an answer
  int holds_ = 1;
  UnixSocket* peer_ = nullptr;  // held
  UnixSocket* next_bound_ = nullptr;

  UnixMessageQueue queue_;
  UnixBacklog<UnixSocket> backlog_;        // of a listener
  unsigned most_waiting_ = default_queue;  // messages or connections

  size_t charge_ = 0;  // of what was sent and not yet received
  size_t send_buffer_ = default_buffer;
  size_t receive_buffer_ = default_buffer;

  // What garbage.cpp knows of a socket that is on its way in messages.
  struct InFlight {
    int references = 0;  // from messages
    UnixSocket* next = nullptr;
    // While it collects:
    int from_elsewhere = 0;  // those references that are in the queues of sockets that somebody has
    bool is_reached = false;
    UnixSocket* next_found = nullptr;
  };
  InFlight in_flight_;

  unix_paths::FileIdentity file_;
  UnixAddress address_;
};

// `type`: SOCK_STREAM, SOCK_DGRAM (or SOCK_RAW, which is the same), SOCK_SEQPACKET. ESOCKTNOSUPPORT; EPROTONOSUPPORT; ENOMEM.
Result<Socket*> create_unix_socket(int type, int protocol);

// Makes a pair of two new AF_UNIX sockets.
void pair_unix_sockets(Socket& first, Socket& second);

}  // namespace posix_sockets
