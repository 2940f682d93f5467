// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP: what a socket is ready for. Two functions decide it, for receive and send as for poll, select and epoll; they follow
// tcp_recvmsg, tcp_sendmsg and tcp_poll of Linux.
#include "tcp/listener.h"
#include "tcp/socket.h"

namespace posix_sockets {

using tcp::Connected;
using tcp::StateKind;

// In the order in which Linux tells it: bytes; the end that came in order behind them; an error, once; that nothing comes any
// more, as receiving was shut down or the connection is over. An empty socket is `not_yet`: receive() says EAGAIN.
Readable TcpSocket::readable() const {
  if (state_.kind() == StateKind::listening) return Readable::not_connected;
  if (unread_size() != 0) return Readable::bytes;
  if (ended_in_order()) return Readable::end;
  if (!pending_error_.ok()) return Readable::error;
  if (state_.kind() == StateKind::connecting) return Readable::not_yet;
  if (state_.kind() == StateKind::unconnected && !receive_shut_) return Readable::not_connected;
  return receive_is_over() ? Readable::end : Readable::not_yet;
}

// In the order in which Linux tells it: that it isn't connected yet; an error, once; that nothing can be sent, or no more: EPIPE; and
// whether there is room. `room` becomes how many bytes the host takes; null: it isn't asked, as something is to be looked at first.
Writable TcpSocket::writable(size_t* room) {
  if (state_.kind() == StateKind::connecting) return Writable::not_yet;
  Connected* connected = state_.as<Connected>();
  if (room != nullptr) {
    *room = 0;
    if (connected != nullptr && !send_is_over()) *room = connected->find_room();
    if (*room != 0) saw_room();
  }
  if (!pending_error_.ok()) return Writable::error;
  if (connected == nullptr || send_is_over()) return Writable::over;
  return room == nullptr || *room != 0 ? Writable::room : Writable::not_yet;
}

size_t TcpSocket::unread_size() const {
  if (const Connected* connected = state_.as<Connected>()) return connected->fast.ahead.size();
  if (const tcp::Ended* ended = state_.as<tcp::Ended>()) return ended->unread.size();
  return 0;
}

bool TcpSocket::ended_in_order() const {
  if (const Connected* connected = state_.as<Connected>()) return connected->input.end == tcp::Input::End::in_order;
  const tcp::Ended* ended = state_.as<tcp::Ended>();
  return ended != nullptr && ended->ended_in_order;
}

bool TcpSocket::receive_is_over() const {
  if (const Connected* connected = state_.as<Connected>()) return receive_shut_ || !connected->input.is_open();
  return receive_shut_ || state_.kind() == StateKind::ended || state_.kind() == StateKind::failed;
}

bool TcpSocket::send_is_over() const {
  if (const Connected* connected = state_.as<Connected>()) return send_shut_ || connected->output.ended;
  return state_.kind() == StateKind::ended || state_.kind() == StateKind::failed;
}

Events TcpSocket::ready(Events wanted, bool probe) {
  if (probe) progress();
  wanted |= events::error | events::hang_up;
  if (tcp::Listening* listening = state_.as<tcp::Listening>())
    return tcp::late.listen->ready(listening->listener, wanted, probe) & wanted;
  Events now = 0;
  if (Connected* connected = state_.as<Connected>()) {
    connected->look(wanted, probe);
    size_t room = 0;
    if ((probe || !connected->output.was_writable) && waits_for_room(wanted)) (void)writable(&room);
    if (room != 0) now |= events::writable;
  }
  if (readable() == Readable::bytes && unread_size() >= static_cast<size_t>(options.receive_low_water))
    now |= events::readable;
  const bool receive_over = receive_is_over(), send_over = send_is_over();
  if (receive_over) now |= events::readable | events::read_hang_up;
  if (send_over) now |= events::writable | events::write_hang_up;
  if (receive_over && send_over) now |= events::hang_up;
  if (state_.kind() == StateKind::unconnected) now |= events::writable | events::hang_up;
  if (!pending_error_.ok()) now |= events::error;
  return now & wanted;
}

// As tcp_set_rcvlowat(): who watches a socket that is readable is told, also if it was so before.
void TcpSocket::receive_low_water_changed() {
  if (watches == nullptr) return;
  const bool enough = (ready(events::readable, true) & events::readable) != 0 && unread_size() != 0;
  if (enough || ended_in_order()) tell_input();
}

void TcpSocket::subscribe(Events wanted, PollSet& set, uint32_t tag) {
  if (tcp::Connecting* connecting = state_.as<tcp::Connecting>()) {
    set.add(connecting->attempt.finished(), tag);
  } else if (tcp::Listening* listening = state_.as<tcp::Listening>()) {
    tcp::late.listen->subscribe(listening->listener, wanted, set, tag);
  } else if (Connected* connected = state_.as<Connected>()) {
    if (connected->needs_input(wanted)) set.add(connected->host.readable(), tag);
    if (waits_for_room(wanted) && !send_is_over()) set.add(connected->host.writable(), tag);
  }
  // In the other states nothing changes by itself.
}

int64_t TcpSocket::tcp_buffered() {
  const tcp::Listening* listening = state_.as<tcp::Listening>();
  return listening != nullptr ? listening->listener.waiting() : static_cast<int64_t>(unread_size());
}

int64_t TcpSocket::tcp_room() {
  Connected* connected = state_.as<Connected>();
  if (connected == nullptr || send_is_over()) return 0;
  return static_cast<int64_t>(connected->check_room().count);
}

namespace tcp {

// The host is only asked for what isn't known already.
void Connected::look(Events wanted, bool probe) {
  if (!probe) fate.look_due = !was_heard_since_wait();
  const bool was_there = !fast.ahead.empty() || !input.is_open();
  bool in_vain = false;
  while ((probe || input.owes_empty_read || peer.underway != 0) && needs_input(wanted)) {
    in_vain = !fill(probe ? input.next_read() : Input::least_read).ok();
    if (in_vain) break;
    wanted &= static_cast<Events>(~events::more_input);  // this is it
  }
  if ((!in_vain || !input.is_open()) && may_have_error_behind(wanted, probe, was_there)) look_behind_input();
}

}  // namespace tcp
}  // namespace posix_sockets
