// Connections that somebody outside has reset, which no call of the program has seen when the operation is tried.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "transcript.h"

namespace operations {
namespace {

int control = -1;
Address outside;  // where the peer listens

// A host looks at its sockets only when the guest suspends, which neither an answer that was there nor an accept needs.
void give_host_a_turn() { (void)poll(nullptr, 0, 1); }

// Has the peer of support/peer.py do the steps; what the last of them gave.
std::string peer_does(const std::string& steps) {
  const std::string line = steps + "\n";
  if (send(control, line.data(), line.size(), 0) != static_cast<ssize_t>(line.size())) stop("control connection");
  std::string answer;
  for (char c; recv(control, &c, 1, 0) == 1 && c != '\n';) answer += c;
  if (answer.compare(0, 2, "ok") != 0) stop(answer.c_str());
  give_host_a_turn();
  return answer.substr(answer.size() > 3 ? 3 : answer.size());
}

void open_peer() {
  if (control >= 0) return;
  const char* port = getenv("CONFORMANCE_PEER");
  if (port == nullptr) stop("CONFORMANCE_PEER");
  control = socket(AF_INET, SOCK_STREAM, 0);
  const Address address = loopback(AF_INET, static_cast<unsigned>(atoi(port)));
  if (connect(control, address.get(), address.length) != 0) stop("connecting to the peer");
  const std::string name = peer_does(std::string("listen ") + (world.family == AF_INET ? "4" : "6"));
  outside = loopback(world.family, static_cast<unsigned>(atoi(name.c_str())));
}

void connect_unasked(Subject& subject) {
  open_peer();
  subject.fd = new_socket();
  if (connect(subject.fd, outside.get(), outside.length) == 0 || errno != EINPROGRESS) stop("connect");
  wait_for(subject.fd, POLLOUT);
}

void connect_outside(Subject& subject) {
  connect_unasked(subject);
  if (connect(subject.fd, outside.get(), outside.length) != 0) stop("connect again");
}

void after(Subject& subject, const char* steps) {
  connect_outside(subject);
  peer_does(steps);
}
void plain(Subject& subject) { after(subject, "accept;reset"); }
void with_data(Subject& subject) { after(subject, "accept;say hello;reset"); }
void behind_end(Subject& subject) { after(subject, "accept;halfclose;reset"); }
void behind_data_and_end(Subject& subject) { after(subject, "accept;say hello;halfclose;reset"); }

void unasked(Subject& subject) {
  connect_unasked(subject);
  peer_does("accept;reset");
}

void after_shutdown(Subject& subject, int how, const char* steps) {
  connect_outside(subject);
  if (shutdown(subject.fd, how) != 0) stop("shutdown");
  // What the peer says acknowledges the end.
  peer_does(how == SHUT_WR ? "accept;eof;say x" : "accept;say x");
  wait_for(subject.fd, POLLIN);
  char data;
  if (recv(subject.fd, &data, 1, 0) != 1) stop("recv");
  peer_does(steps);
}
void shut_for_writing(Subject& subject) { after_shutdown(subject, SHUT_WR, "reset"); }
void shut_with_data(Subject& subject) { after_shutdown(subject, SHUT_WR, "say hello;reset"); }
void shut_for_reading(Subject& subject) { after_shutdown(subject, SHUT_RD, "reset"); }

// Data was there and a part of it was read before the reset.
void partly_read(Subject& subject) {
  after(subject, "accept;say hello");
  wait_for(subject.fd, POLLIN);
  char data[2];
  if (recv(subject.fd, data, 2, 0) != 2) stop("recv");
  peer_does("reset");
}

int listen_for(const char* steps) {
  open_peer();
  const int listener = new_socket();
  bind_loopback(listener);
  if (listen(listener, 5) != 0) stop("listen");
  peer_does(std::string("connect ") + (world.family == AF_INET ? "4 " : "6 ") +
            std::to_string(address_of(listener).port()) + ";" + steps);
  return listener;
}

void accept_after(Subject& subject, const char* steps) {
  const int listener = listen_for(steps);
  wait_for(listener, POLLIN);
  subject.fd = accept(listener, nullptr, nullptr);
  if (subject.fd < 0) stop("accept");
  fcntl(subject.fd, F_SETFL, fcntl(subject.fd, F_GETFL) | O_NONBLOCK);
  close(listener);
  give_host_a_turn();
}
void accepted(Subject& subject) { accept_after(subject, "reset"); }
void accepted_with_data(Subject& subject) { accept_after(subject, "say hello;reset"); }

void listening(Subject& subject) { subject.fd = listen_for("say hello;reset"); }

}  // namespace

std::vector<State> reset_states() {
  return {{"reset unseen", plain},
          {"reset unseen with data", with_data},
          {"reset unseen after a part was read", partly_read},
          {"reset unseen behind the end", behind_end},
          {"reset unseen behind data and the end", behind_data_and_end},
          {"reset unseen, connected unasked", unasked}};
}

std::vector<State> more_reset_states() {
  return {{"reset unseen, shut for writing", shut_for_writing},
          {"reset unseen with data, shut for writing", shut_with_data},
          {"reset unseen, shut for reading", shut_for_reading},
          {"reset unseen, accepted", accepted},
          {"reset unseen with data, accepted", accepted_with_data},
          {"listening with a reset one waiting", listening}};
}

}  // namespace operations
