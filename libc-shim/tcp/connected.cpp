// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP: a connection from its beginning to its end, and whether it is over in a way that no call has seen yet. A host tells of a reset
// with the streams, some time later and behind what has arrived; it names the peer for as long as the kernel has the connection,
// at once.
#include "tcp/connected.h"

#include "tcp/socket.h"
#include "wait/settle.h"

namespace posix_sockets::tcp {

Connected::Connected(TcpSocket& its_socket, host::Connection connection, AwaitsAccept awaits)
    : socket(its_socket),
      awaits_accept(static_cast<AwaitsAccept&&>(awaits)),
      host(static_cast<host::Connection&&>(connection)) {
  socket.fast_path = &fast;
}

Connected::~Connected() {
  socket.fast_path = nullptr;
  if (asked_.connection == this) asked_.connection = nullptr;
  gatherer.end_follows = false;
  drop_gathered();
  tell_peer(PeerEvent::left);
}

uint32_t Connected::moment() { return wait_count + write_count_; }
bool Connected::was_heard_since_wait() const { return fate.heard_at == static_cast<uint16_t>(wait_count); }
void Connected::hear() { fate.heard_at = static_cast<uint16_t>(wait_count); }

bool Connected::is_over() const { return (!input.is_open() && socket.send_shut_) || fate.latched; }

void Connected::latch_error(Errno why) {
  output.ended = true;
  fast.gathered.look_at_next();
  if (fate.latched) return;
  fate.latched = true;
  socket.pending_error_ = why == EIO ? Errno(ECONNRESET) : why;
}

void Connected::take_in_end() {
  constexpr size_t most_at_once = 65536;
  constexpr int most_vain_looks = 8;
  SettlingTime time(Settling::end_of_input);
  for (int vain = 0; input.is_open() && vain < most_vain_looks;) {
    const Errno error = fill(most_at_once);
    if (error.ok()) continue;
    if (!(error == EAGAIN) || !input.is_open()) return;
    ++vain;
    if (!time.settle(host.readable())) return;
  }
}

bool Connected::turns_out_over() {
  if (socket.send_shut_) (void)socket.ready(events::read_hang_up, true);
  if (is_over()) return true;
  if (host.remote_address().ok()) return false;
  take_in_end();
  if (!input.is_open() && !is_over()) {
    // Reset behind its end, which the kernel calls a broken pipe. A send may have told that already.
    if (!output.ended) latch_error(EPIPE);
    fate.latched = true;
    socket.tell_change();
  }
  return is_over();
}

// An error counts as wanted, also of who only wants input and has some, or the end of it. To ask for it each time would cost a
// host call: it's asked for if the program let time pass, and now and then while it spins.
bool Connected::may_have_error_behind(Events wanted, bool probe, bool was_there) {
  constexpr uint8_t most_skipped = 16;
  constexpr Events for_input = events::readable | events::read_hang_up;
  if (socket.send_is_over()) return false;
  const bool due = fate.look_due || (was_there && ++fate.looks_skipped >= most_skipped);
  // The streams tell only the next sender that a peer that had ended has reset the connection.
  if (!input.is_open()) return probe || output.sent_after_end || (due && (wanted & for_input) != 0);
  // Of its own sockets the program knows it.
  return due && !fast.ahead.empty() && peer.socket == nullptr && peer.underway == 0;
}

void Connected::look_behind_input() {
  fate.look_due = false;
  fate.looks_skipped = 0;
  hear();
  const bool reads = input.is_open() && !input.last_read_full && fast.ahead.size() <= Input::large_read;
  if (reads) (void)fill(Input::least_read);  // the cheaper call
  if (!reads || !input.is_open()) (void)turns_out_over();
}

uint16_t Connected::local_port() {
  if (known_port == 0) {
    const Result<SocketAddress> local = host.local_address();
    if (local.ok()) known_port = local.value().port;
  }
  return known_port;
}

}  // namespace posix_sockets::tcp
