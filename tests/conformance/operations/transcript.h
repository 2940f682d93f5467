// The walk of every operation through every state of a socket: what states and operations share.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <string>
#include <vector>

namespace operations {

/// A socket address of either family with its length.
struct Address {
  sockaddr_storage storage{};
  socklen_t length = sizeof(sockaddr_storage);

  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  unsigned port() const;
  void set_port(unsigned port);
};

/// Sockets that are there all the time, for others to connect and to send to.
struct World {
  bool stream;
  const char* walk;  // the first word of each line
  int family;
  int target;   // a listener; a bound UDP socket
  int other;    // another one
  int refuser;  // bound and not listening: connecting is refused. UDP: connected to `target`, so that others are refused
  int full;     // a listener whose queue is full, so that connecting to it takes for ever
  Address target_address, other_address, refuser_address, full_address;
};
extern World world;

/// The socket that an operation is tried on.
struct Subject {
  int fd = -1;
  int peer = -1;         // the other end of its connection
  int waiting = -1;      // a connection that the listener hasn't accepted
  short after_send = 0;  // what a successful send makes happen at this end, to wait for
};

struct State {
  const char* name;
  void (*make)(Subject&);
};

struct Operation {
  std::string name;
  std::string (*run)(Subject&, long);
  long argument;
};

std::vector<State> tcp_states();
std::vector<State> udp_states();
std::vector<State> reset_states();
std::vector<State> more_reset_states();
void add_receiving(std::vector<Operation>& list);
void add_sending(std::vector<Operation>& list);
void add_connecting(std::vector<Operation>& list);
void add_ending(std::vector<Operation>& list);
void add_asking(std::vector<Operation>& list);

/// Ends the program: the walk itself went wrong.
[[noreturn]] void stop(const char* what);

int new_socket();
Address address_of(int fd);
Address loopback(int family, unsigned port);
Address any(int family, unsigned port);
void bind_loopback(int fd);

/// Waits until poll has one of the events, which must happen.
void wait_for(int fd, short wanted);
/// The events of now.
short events_of(int fd, short wanted);

/// "5" or the name of errno.
std::string outcome(long long result);
std::string names_of(short events);
/// Host and port of an address by what they are, as numbers differ from run to run.
std::string describe(const Address& address, socklen_t room);
/// What came in, readable; empty for none.
std::string quoted(const char* data, long long size);

}  // namespace operations
