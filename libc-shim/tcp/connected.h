// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// An established connection: an input half, an output half with its gatherer, and what is known of the peer if that is another
// socket of this very program.
#pragma once

#include "description/description.h"
#include "tcp/late.h"
#include "wit-bindings/host.h"

namespace posix_sockets {

class PollSet;
class TcpSocket;

namespace tcp {

class Connected;

enum class StateKind : uint8_t { unconnected, connecting, connected, ended, listening, failed };

// Said of a client while a listener of this program may still accept it: the two then know of each other.
class AwaitsAccept {
 public:
  AwaitsAccept() = default;
  explicit AwaitsAccept(bool does) : does_(does) { count_ += does_ ? 1u : 0u; }
  AwaitsAccept(AwaitsAccept&& other) noexcept : does_(other.does_) { other.does_ = false; }
  AwaitsAccept& operator=(AwaitsAccept&&) = delete;
  ~AwaitsAccept() { stop(); }
  void stop() {
    count_ -= does_ ? 1u : 0u;
    does_ = false;
  }
  static bool any() { return count_ != 0; }

 private:
  static inline unsigned count_;
  bool does_ = false;
};

// What has been read of the host, and how it is read best.
struct Input {
  enum class End : uint8_t {
    none,
    in_order,  // the peer ended sending: receiving says 0, whatever happens later
    failed,
  };

  static constexpr size_t small_read = ReadBuffer::usual_capacity;
  static constexpr size_t large_read = ReadBuffer::large_capacity;
  static constexpr size_t least_read = 1024;  // where most likely nothing is there

  End end = End::none;
  bool last_read_full = false;
  bool reads_much = false;  // the last read brought more than a small buffer holds
  bool just_wrote = false;  // since the last read: an answer is mostly not there yet
  // The last read brought something. Only an empty one makes the host's source tell the truth again.
  bool owes_empty_read = false;
  uint32_t read_at = 0;  // moment() of the last read

  bool is_open() const { return end == End::none; }
  // How much to ask for: the host zeroes what it is asked for, so it's more only when much came the last time.
  size_t next_read() const { return reads_much ? large_read : small_read; }
};

struct Output {
  bool ended = false;           // the host takes no more
  bool was_writable = false;    // at least once
  bool may_be_writing = false;  // something was written since the host last had room
  bool sent_after_end = false;  // to a peer that had sent its end, and may be gone
  uint32_t last_write = 0;      // bytes that the host was given last
  // Of a closed one with SO_LINGER: the instant of the close, or the last since when it got on; 0: the program's end.
  uint64_t progressed = 0;
};

// Output that is held back for more to come: when it leaves. The bytes are in the fast path.
struct Gatherer {
  uint64_t since = 0;
  Connected* next = nullptr;  // of those that hold something back
  bool for_more = false;      // by MSG_MORE or TCP_CORK, so that only those and a wait let it go
  bool end_follows = false;   // shutdown(send) is due when nothing is held back any more
};

// The other end, if it is another socket of this program.
struct Peer {
  TcpSocket* socket = nullptr;
  uint32_t underway = 0;         // what it has sent and this end hasn't read: bytes, and one more for the end
  bool end_underway = false;     // it has ended sending, and an edge counts that
  bool arrival_counted = false;  // what the last read brought was counted when it was sent
  bool room_underway = false;    // it has read all that was there
  bool is_deaf = false;          // it was shut down in both directions, or closed
};

// The connection's fatal error, and when to look for one that the host hasn't told.
struct Fate {
  bool latched = false;   // it was recorded, once
  bool look_due = false;  // time has passed since the host was heard of
  uint8_t looks_skipped = 0;
  uint16_t heard_at = 0;  // the last digits of wait_count then
};

class Connected {
 public:
  static constexpr StateKind kind = StateKind::connected;

  Connected(TcpSocket& socket, host::Connection connection, AwaitsAccept awaits);
  ~Connected();
  Connected(const Connected&) = delete;
  Connected& operator=(const Connected&) = delete;

  // Whether it is over in both directions, as far as the guest has heard.
  bool is_over() const;
  // The same when the host has been asked.
  bool turns_out_over();
  // Takes in what ready() is asked about.
  void look(Events wanted, bool probe);
  bool needs_input(Events wanted) const;

  // Reads once into the read-ahead buffer, `size` bytes at the most; EAGAIN: nothing there.
  Errno fill(size_t size);
  // Bytes from the buffer, then from the host as long as its last read says that there is more; 0: there are none.
  Result<size_t> receive(ReceiveRequest& request);
  Result<size_t> readable_bytes();
  // Reads to the end of the input, which is there.
  void take_in_end();

  // How much the host takes now, with its own writing brought up to date.
  host::StreamResult check_room();
  // The same, where the host's saying that the output is over ends it.
  size_t find_room();
  // What that found is still good when it is asked for the next time.
  void keep_room(size_t room) { asked_ = {this, {room, false, success}}; }
  size_t send_plain(const void* data, size_t size);
  // Whether the request is held back, as MSG_MORE, TCP_CORK and TCP_NODELAY want.
  bool gathers(const SendRequest& request) const;
  // What doesn't fit behind what is held back, or is old, goes first. An error that nobody has seen yet is looked for.
  void prepare_to_gather(const SendRequest& request);
  // False: there is no room, or no memory.
  bool hold_back(const SendRequest& request);
  // Sends into `room` > 0 bytes, with what is held back in front.
  Result<size_t> send(SendRequest& request, size_t room);
  void end_sending();
  void send_end();
  void end_output(Errno why);
  // Writes what is held back, as far as the host takes it. An error stays for the program's next call.
  void flush();
  void flush_unless_for_more() {
    if (fast.gathered.size != 0 && !gatherer.for_more) flush();
  }
  void drop_gathered();

  // Whether the host still has bytes to deliver, so that dropping the streams now would make the program wait.
  bool has_unsent();
  // Bytes that send() took and that are not with the peer yet, as far as the guest knows.
  size_t unsent_bytes();
  // A socket on its own that goes on delivering them. The connection is gone from this one. False: no memory.
  void leave_behind();

  // Of its peer in the same program, see peer.cpp.
  void tell_peer(PeerEvent event, uint32_t size = 0) {
    if (peer.socket != nullptr) late.listen->tell_peer(*this, event, size);
  }
  void let_output_go();
  bool await_arrival();
  bool has_unread_of_peer() const;
  uint16_t local_port();

  bool was_heard_since_wait() const;
  void hear();
  // Changes with all by which more can have arrived, as far as the program can tell: it has waited, or written itself.
  static uint32_t moment();

  TcpSocket& socket;
  bool told = false;           // connect() returned, or will return, 0 for this connection
  bool only_delivers = false;  // its socket has left it behind
  AwaitsAccept awaits_accept;
  Input input;
  Peer peer;
  Fate fate;
  uint16_t known_port = 0;  // the local one; 0: not asked for
  Output output;
  Gatherer gatherer;
  FastPath fast;
  host::Connection host;

 private:
  host::StreamResult read_host(void* room, size_t size);
  Result<size_t> read_for(const ReceiveRequest& request, const Buffers& rest, size_t left);
  Result<size_t> take(ReceiveRequest& request);
  Result<size_t> peek(ReceiveRequest& request);
  // Handles the end of the input in every form. Success: in order.
  void end_input(Errno why);
  void latch_error(Errno why);
  bool may_have_error_behind(Events wanted, bool probe, bool was_there);
  void look_behind_input();

  host::StreamResult write_host(const void* data, size_t size);
  Result<size_t> send_behind_gathered(SendRequest& request, size_t room);
  Errno fail_send(Errno why);
  bool is_old();

  static void before_wait(PollSet& set);
  static void before_call(const Description* target);

  static inline uint32_t write_count_;
  // What was found and not used: it stays good until something is written.
  struct Asked {
    const Connected* connection;
    host::StreamResult room;
  };
  static inline constinit Asked asked_ = {};
};

// Gives the request what it has room for of what is unread.
size_t copy_unread(const ReadBuffer& unread, ReceiveRequest& request);

}  // namespace tcp
}  // namespace posix_sockets
