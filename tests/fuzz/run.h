// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One random sequence of calls with good and wild arguments, against a host and peers that misbehave at random.
// Nothing may trap, crash, leak a handle, spin, lose or reorder bytes, or fail with an errno that has no business
// there.
#pragma once

#include <netinet/in.h>

#include <cerrno>
#include <cstdio>
#include <initializer_list>
#include <map>
#include <set>
#include <type_traits>
#include <vector>

#include "guest.h"
#include "host.h"

namespace random_calls {

using fake::ErrorCode;
using fake::host;
using fake::Peer;

// Whether every call is printed.
extern bool tracing;

// Decisions come from bytes; when they are used up, the run ends.
class Choices {
 public:
  Choices(const uint8_t* data, size_t size) : data_(data), size_(size) {}
  bool empty() const { return at_ >= size_; }
  unsigned below(unsigned limit) {
    unsigned value = 0;
    for (unsigned range = 1; range < limit; range *= 256) value = value * 256 + (empty() ? 0 : data_[at_++]);
    return value % limit;
  }
  bool one_in(unsigned n) { return below(n) == 0; }
  template <class T>
  T of(std::initializer_list<T> list) {
    return list.begin()[below(static_cast<unsigned>(list.size()))];
  }

 private:
  const uint8_t* data_;
  size_t size_;
  size_t at_ = 0;
};

[[noreturn]] void fail(const char* what, long value);

class Run {
 public:
  Run(const uint8_t* data, size_t size) : choose_(data, size) {}
  void go();

 private:
  struct Address {
    sockaddr_storage storage = {};
    socklen_t length = 0;
    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  };

  int descriptor();
  int keep(int number);
  uint16_t port();
  Address address(uint16_t number);
  // Every call passes through here: it is printed and checked.
  template <class Function, class... Arguments>
  long call(const char* name, Function function, Arguments... arguments) {
    if (tracing) {
      std::fprintf(stderr, "\n%s(", name);
      (print(arguments), ...);
      std::fprintf(stderr, ")");
    }
    handler_ran_ = false;
    errno = 0;
    return check(name, function(arguments...));
  }
  template <class Argument>
  static void print(Argument argument) {
    if constexpr (std::is_convertible_v<Argument, const char*>) {
      std::fprintf(stderr, "%s ", static_cast<const char*>(argument) != nullptr ? "text" : "null");
    } else if constexpr (std::is_convertible_v<Argument, const volatile void*>) {
      std::fprintf(stderr, "%s ", argument != nullptr ? "*" : "null");
    } else {
      std::fprintf(stderr, "%lld ", static_cast<long long>(argument));
    }
  }
  long check(const char* call, long result);
  struct Kind;
  void step();
  void make_socket();
  void bind_one();
  void listen_one();
  void connect_one();
  void shut_down();
  void close_one();
  void duplicate();
  void refuse_memory();
  // A wait that nothing would end: everything happens that can.
  void free_everything();
  void finish();

  void accept_one();
  void script_connect();
  void remember(const Peer& peer);
  void names();
  void control();
  void option();

  void receive();
  // The peer behind a descriptor, known by its ports.
  Peer peer_of(int number);
  // The peer's bytes count up, so that each shows whether one before it was lost.
  void check_stream(Peer from, int number, long result, size_t size, int flags);
  void send();
  void messages();
  void files();
  void move_between();

  // Messages with control messages, right ones and wild ones, over the AF_UNIX sockets.
  void send_control();
  void receive_control();

  void wait();
  void in_process();
  void epoll();
  void queue();
  void pass_time();

  // Handlers for all signals that are sent, and nothing blocked or pending.
  void begin_signals();
  void end_signals();
  void signals();
  sigset_t some_signals();
  // What a handler does: calls of its own, which end what a wait under way waits for.
  void handle();
  static void handler(int);
  static void handler_with_info(int, siginfo_t*, void*);
  void set_timer(unsigned milliseconds);

  void peers();
  void incoming();
  void datagrams();
  void host_habits();

  Choices choose_;
  std::set<int> numbers_;
  std::vector<Peer> peers_;
  std::map<Peer, uint8_t> produced_;
  std::map<Peer, uint8_t> expected_;
  uint16_t last_port_ = 10000;
  int stuck_ = 0;
  bool out_of_memory_ = false;
  bool handler_ran_ = false;  // during the call
  int handlers_ = 0;          // that run now
  static inline Run* current_;
  char buffer_[70000] = {};
};

// A call of the library, in a member of Run.
#define CALL(name, ...) call(#name, guest::name, __VA_ARGS__)

}  // namespace random_calls
