// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The fake host as a test sees it: a virtual clock, what happens when, and the switches for the ways in which hosts
// differ. Time passes only while the guest waits in poll, or looks if that takes time, and jumps straight to the next event; a wait that nothing
// ends is a trap.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "resources.h"
#include "support/address.h"
#include "wit-bindings/0.2/error_code.h"

namespace fake {

using posix_sockets::Family;
using posix_sockets::SocketAddress;
using wasi::ErrorCode;

constexpr uint64_t us = 1000;
constexpr uint64_t ms = 1000000;
constexpr uint64_t s = 1000000000;

// Bytes on their way into the guest.
struct Inbox {
  std::string data;
  bool finished = false;               // the regular end follows the data
  std::optional<std::string> failure;  // the debug string of the error that follows the data, told once
  bool shut = false;                   // by the guest
  bool readable = false;               // what the pollable says: stays true until a read came back empty
  size_t most_per_read = 65536;

  void arrived() { readable = true; }
};

// Bytes on their way out of the guest.
struct Outbox {
  std::string delivered;
  std::string unsent;                  // accepted by the host, waiting in its task: lost if the guest ends now
  bool stalled = false;                // a task was needed, and the host hasn't noticed yet that it's done
  size_t room = SIZE_MAX;              // what the kernel still takes before the peer must read
  std::deque<uint64_t> permits;        // what the next check-writes say, instead of the truth
  std::optional<std::string> failure;  // the debug string; told each time
  bool shut = false;                   // by the guest; the FIN follows the last byte
  uint64_t granted = 0;                // permit that the next write may use

  bool fin() const { return shut && unsent.empty(); }
  // The task writes as much as there is room for.
  void move();
  // Whether nothing waits in the host any more, as far as it knows when its pollable is looked at, or without that.
  bool settled(bool polled);
};

// A connection, seen from the peer's end.
class Connection {
 public:
  // Data arrives at the guest.
  void sends(const std::string& data);
  void finishes();
  // A reset: what the guest hasn't read is gone, both directions fail.
  void resets();
  // Any other way to fail, with the host's debug strings for the two directions.
  void breaks(const std::string& read_text, const std::string& write_text);
  // Takes at most `size` bytes from the guest from now on, until reads().
  void stops_reading(size_t size = 0);
  void reads(size_t size = SIZE_MAX);

  const std::string& received() const { return out.delivered; }
  bool has_fin() const { return out.fin(); }

  Inbox in;
  Outbox out;
  SocketAddress guest;
  SocketAddress peer;
  bool closed = false;  // the guest dropped its socket
};

using Peer = std::shared_ptr<Connection>;

// A UDP socket of the guest, seen from the network.
class Datagrams {
 public:
  struct Message {
    std::string data;
    SocketAddress address;  // the sender, or the receiver
  };
  // A datagram arrives. While the socket is connected, those of others than its peer are dropped.
  void arrives(const std::string& data, const SocketAddress& from);
  // An ICMP error arrives.
  void fails(ErrorCode error);

  struct Arrival {
    Message message;
    std::optional<ErrorCode> error;
  };
  std::deque<Arrival> incoming;
  std::vector<Message> sent;
  std::deque<uint64_t> permits;  // what the next check-sends say, instead of 16
  std::optional<SocketAddress> remote;
  SocketAddress local;
  uint64_t granted = 0;
  bool readable = false;
  bool lies = false;  // stays readable with nothing to receive, as for an error that only a send is told
  bool writable = true;
};

using UdpSide = std::shared_ptr<Datagrams>;

// How a connection attempt goes.
struct ConnectPlan {
  uint64_t delay = 0;              // after the SYN
  std::optional<ErrorCode> error;  // none: it succeeds
  Peer peer;
  bool never = false;
};

struct TcpSocket;

struct Host {
  uint64_t clock = 1 * s;

  // Traps and habits of hosts, each off unless a test wants it. HOST-FACTS has the letters.
  bool budget = false;  // B: 128 successes without a suspension, then nothing is ready
  int budget_left = 128;
  // Other than that: a poll looks at so many at a time, in the order of their handles, and at no more once one is ready. 0: at all.
  size_t looks_at_a_time = 0;
  bool older = false;  // D, wasmtime up to 47: permits 1 GB; after a write that had to wait, check-write says 0
                       // until the pollable was polled; dropping the stream forgets what wasn't sent
  // jco: a stream of datagrams stays ready for ever once one has arrived. What goes to a socket of the guest arrives there.
  bool sticky_datagrams = false;
  uint64_t timer_overshoot = 0;  // H
  uint64_t look_takes = 0;       // of a poll for each pollable, and of ready
  int spurious = 0;              // every n-th look at a pollable says ready
  bool grants_network = true;
  bool has_ipv6 = true;
  int socket_limit = 1 << 20;  // more is new-socket-limit

  // Scripts.
  std::deque<ConnectPlan> connects;  // how the next attempts go; then all succeed at once
  std::map<std::string, std::deque<std::optional<ErrorCode>>> failures;  // of the next calls of an import
  std::function<std::optional<ErrorCode>(const char*)> chaos;            // may make any fallible call fail
  std::function<void()> stuck;  // instead of the trap when a wait would never end
  std::vector<uint16_t> ports_in_use;
  Inbox input;  // stdin

  // What the guest did.
  std::map<std::string, int> calls;  // of each import
  int suspensions = 0;
  int pollables_polled = 0;
  int largest_read = 0;           // bytes asked for
  uint64_t call_limit = 2000000;  // a guest that spins is stopped

  // The connection whose plan is next in `connects`.
  Peer will_connect(uint64_t delay = 0);
  void will_fail_to_connect(ErrorCode error, uint64_t delay = 0);
  void will_never_connect();
  // The next call of `import` gives `error`, after `before` calls that don't.
  void fails(const std::string& import, ErrorCode error, int before = 0);

  // A client connects to a listener of the guest.
  Peer connects_to(uint16_t port);
  Peer connects_to(TcpSocket& listener);
  // A client that is gone again before the guest accepts.
  void aborts_to(uint16_t port, ErrorCode error = ErrorCode::connection_aborted);
  // The last connection that an attempt of the guest made.
  Peer last_connection;
  // The guest's UDP socket on a port.
  UdpSide udp(uint16_t port);
  void each_udp(const std::function<void(Datagrams&)>& use);

  void after(uint64_t delay, std::function<void()> event);

  int total_calls() const;
  int calls_of(const std::string& import) const;
  void forget_calls();
};

Host& host();
// Back to the start; only the clock goes on, as monotonic clocks do.
void reset_host();

SocketAddress ipv4(const char* text, uint16_t port);
SocketAddress ipv6(const char* text, uint16_t port);

}  // namespace fake
