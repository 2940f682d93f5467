// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// AF_UNIX: sockets in flight that no descriptor stands for, and that nobody could ever receive, as only the messages in each
// other's queues have them. The kernel's unix_gc() frees them; so does this, each time that a descriptor of one in flight goes.
#include "unix/socket.h"

namespace posix_sockets {
namespace {

UnixSocket* in_flight;

}  // namespace

void UnixSocket::watch_rights() {
  static DropHook hook = {nullptr, nullptr};
  if (hook.call != nullptr) return;
  hook = {after_drop, nullptr};
  // Behind all others, which enter in front, as it may free what they are asked about.
  DropHook** last = &drop_hooks;
  while (*last != nullptr) last = &(*last)->next;
  *last = &hook;
  UnixRights::counts_in_flight = count_in_flight;
}

void UnixSocket::count_in_flight(Description& description, int change) {
  UnixSocket* socket = as<UnixSocket>(description);
  if (socket == nullptr) return;
  const bool was = socket->in_flight_.references != 0;
  socket->in_flight_.references += change;
  const bool is = socket->in_flight_.references != 0;
  if (is && !was) {
    socket->in_flight_.next = in_flight;
    in_flight = socket;
  }
  if (is || !was) return;
  UnixSocket** link = &in_flight;
  while (*link != socket) link = &(*link)->in_flight_.next;
  *link = socket->in_flight_.next;
}

void UnixSocket::after_drop(Description& description, int) {
  if (description.references == 0 || in_flight == nullptr) return;
  const UnixSocket* socket = as<UnixSocket>(description);
  if (socket != nullptr && socket->is_held_by_messages()) collect();
}

// The sockets in the queue, and in those of connections that wait to be accepted.
template <class Visit>
void UnixSocket::visit_sent(Visit visit) {
  const auto look_at = [&](const UnixSocket& socket) {
    for (const UnixMessage* message = socket.queue_.first(); message != nullptr; message = message->next) {
      if (message->rights == nullptr) continue;
      for (int i = 0; i < message->rights->count; ++i) {
        UnixSocket* sent = as<UnixSocket>(*message->rights->descriptions[i]);
        if (sent != nullptr && sent->is_held_by_messages()) visit(*sent);
      }
    }
  };
  look_at(*this);
  for (const UnixSocket* waiting = backlog_.first(); waiting != nullptr; waiting = waiting->next_waiting)
    look_at(*waiting);
}

void UnixSocket::collect() {
  static bool busy;
  if (busy) return;
  busy = true;
  const auto for_each = [](auto visit) {
    for (UnixSocket* socket = in_flight; socket != nullptr; socket = socket->in_flight_.next)
      if (socket->is_held_by_messages()) visit(*socket);
  };
  for_each([](UnixSocket& socket) {
    socket.in_flight_.from_elsewhere = socket.in_flight_.references;
    socket.in_flight_.is_reached = false;
  });
  for_each([](UnixSocket& socket) { socket.visit_sent([](UnixSocket& sent) { --sent.in_flight_.from_elsewhere; }); });
  // What can be received from a socket that somebody has, and from what was received so.
  UnixSocket* found = nullptr;
  const auto reach = [&](UnixSocket& socket) {
    if (socket.in_flight_.is_reached) return;
    socket.in_flight_.is_reached = true;
    socket.in_flight_.next_found = found;
    found = &socket;
  };
  for_each([&](UnixSocket& socket) {
    if (socket.in_flight_.from_elsewhere > 0) reach(socket);
  });
  while (found != nullptr) {
    UnixSocket* socket = found;
    found = socket->in_flight_.next_found;
    socket->visit_sent(reach);
  }
  for_each([&](UnixSocket& socket) {
    if (socket.in_flight_.is_reached) return;
    socket.hold();
    socket.in_flight_.next_found = found;
    found = &socket;
  });
  for (UnixSocket* socket = found; socket != nullptr; socket = socket->in_flight_.next_found) {
    socket->purge();
    for (UnixSocket* waiting = socket->backlog_.first(); waiting != nullptr; waiting = waiting->next_waiting)
      waiting->purge();
  }
  while (found != nullptr) {
    UnixSocket* socket = found;
    found = socket->in_flight_.next_found;
    socket->let_go();
  }
  busy = false;
}

}  // namespace posix_sockets
