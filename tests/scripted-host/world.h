// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The scripted host as a scenario sees it: a virtual clock, peers, and faults. It stands at wit-bindings/host.h, so that it knows nothing
// of any version of WASI. Each call that can fail is counted, and can be made to give any of the errors that host.h names for it.
//
// Time passes only while the library sleeps, and jumps to the next event; a sleep that nothing ends is a hang, and ends the process.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "support/address.h"
#include "support/result.h"
#include "wit-bindings/host.h"

namespace scripted {

using posix_sockets::Errno;
using posix_sockets::Family;
using posix_sockets::SocketAddress;

constexpr uint64_t ms = 1000000;

// The calls of host.h that can fail.
enum class Call {
  tcp_create,
  tcp_bind,
  tcp_local_address,
  tcp_option,
  tcp_set_option,
  tcp_connect,
  tcp_listen,
  finish,
  connecting_local_address,
  read,
  room,
  write,
  connection_local_address,
  connection_remote_address,
  connection_option,
  connection_set_option,
  accept,
  listener_local_address,
  listener_option,
  listener_set_option,
  udp_create,
  udp_bind,
  udp_open,  // connect() to nobody
  udp_connect,
  udp_local_address,
  udp_option,
  udp_set_option,
  receive,
  look_closer,
  send,
  udp_room,
  lookup_start,
  lookup_next,
  standard_input_read,
  count,
};
const char* name_of(Call call);

// What a call may give in place of its answer. `value` is an errno; of read, room, write and standard input -1 is the regular end, of
// look-ups it is a Lookup::Status.
struct Fault {
  int value;
  const char* text;
};
const std::vector<Fault>& faults_of(Call call);

// One direction of a connection.
struct Pipe {
  std::string data;
  size_t capacity = 65536;
  bool ended = false;   // the regular end follows the data
  Errno failure;        // told once to the reader, and to each writer
  bool failed = false;  // the reader has heard of it, or of a fault in its place
  size_t taken = 0;     // bytes that the reader has got so far
  size_t given = 0;     // bytes that the writer has put in so far

  size_t room() const { return data.size() < capacity ? capacity - data.size() : 0; }
};

// The peer's end of a connection that isn't the program's.
struct Peer {
  std::shared_ptr<Pipe> to_guest = std::make_shared<Pipe>();
  std::shared_ptr<Pipe> from_guest = std::make_shared<Pipe>();
  std::string told;  // all that it has sent
  std::string received;
  bool reads = true;  // takes what comes at once

  void sends(const std::string& data);
  void finishes() { to_guest->ended = true; }
  void resets(int error = ECONNRESET);
  // Takes `size` bytes more, of a peer that doesn't read by itself.
  void takes(size_t size = SIZE_MAX);
};
using PeerPointer = std::shared_ptr<Peer>;

struct Datagram {
  std::string data;
  SocketAddress address;  // the sender, or the receiver
};

struct World {
  uint64_t clock = 1000 * ms;

  // What comes. After a script is used up attempts succeed at once.
  struct Attempt {
    PeerPointer peer;
    uint64_t delay = 0;
    int error = 0;
    bool never = false;
  };
  std::deque<Attempt> attempts;
  std::vector<PeerPointer> peers;                       // of all connections that are not to the program itself
  std::map<uint16_t, std::deque<PeerPointer>> clients;  // that wait for the listener of a port
  std::map<std::string, std::vector<SocketAddress>> names;
  uint64_t lookup_delay = 0;
  std::string standard_input;
  bool standard_input_ended = false;
  bool has_ipv6 = true;
  std::vector<Datagram> sent;  // to nobody in the program

  PeerPointer will_connect(uint64_t delay = 0);
  void will_fail(int error, uint64_t delay = 0) { attempts.push_back({nullptr, delay, error, false}); }
  PeerPointer connects_to(uint16_t port);
  void arrives(uint16_t port, const std::string& data, uint16_t from = 9);
  void after(uint64_t delay, std::function<void()> event);

  // Faults: the call of this number gives this one in place of its answer; 0: none does.
  int fault_at = 0;
  size_t fault_index = 0;
  int calls = 0;  // that can fail
  int all_calls = 0;
  bool faulted = false;
  Call faulted_call = Call::count;
  std::vector<Call> trace;  // if `keeps_trace`
  bool keeps_trace = false;

  int live_objects = 0;
  int live_sources = 0;
};

World& world();
// A new one; only the clock goes on.
void begin(int fault_at, size_t fault_index);
// Peers take what they can.
void settle_peers();

[[noreturn]] void stop(const char* why);

}  // namespace scripted
