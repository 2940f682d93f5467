// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP: output that is held back for more to come, so that several small sends leave as one write.
//
// Three things hold it back: MSG_MORE and TCP_CORK, as the program asks; and TCP_NODELAY, since a WASI 0.2 host runs Nagle's
// algorithm all the same, and a second small write would wait for the peer's delayed acknowledgement. What NODELAY holds back leaves
// with the program's next call into the library that isn't a send on the same socket; all of it leaves before any wait, and
// with a send that finds it old.
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "tcp/socket.h"

namespace posix_sockets {
namespace tcp {
namespace {

// Connections that hold something back.
Connected* holding;

// Memory for the next one.
uint8_t* spare;

// Set when a socket gets TCP_NODELAY: whether that gathers.
bool no_delay_gathers;

}  // namespace

void Connected::before_wait(PollSet& set) {
  for (Connected* connection = holding; connection != nullptr;) {
    Connected* next = connection->gatherer.next;  // flushing takes it off the list
    connection->flush();
    // The host has no room: whatever the program waits for, these bytes must go on as soon as it has.
    if (connection->fast.gathered.size != 0) set.add(connection->host.writable(), PollSet::own_tag);
    connection = next;
  }
}

void Connected::before_call(const Description* target) {
  for (Connected* connection = holding; connection != nullptr;) {
    Connected* next = connection->gatherer.next;
    if (&connection->socket != target) connection->flush_unless_for_more();
    connection = next;
  }
}

bool Connected::gathers(const SendRequest& request) const {
  if (request.size > GatheredOutput::capacity) return false;
  if ((request.flags & MSG_MORE) != 0 || socket.options.is_on(Stored::cork)) return true;
  return no_delay_gathers && socket.options.is_on(Stored::no_delay);
}

void Connected::prepare_to_gather(const SendRequest& request) {
  if (fast.gathered.size == 0 && !was_heard_since_wait()) {
    hear();
    if (turns_out_over()) return;
  }
  if (request.size > size_t{GatheredOutput::capacity} - fast.gathered.size || is_old()) flush();
}

bool Connected::hold_back(const SendRequest& request) {
  GatheredOutput& gathered = fast.gathered;
  if (request.size > size_t{GatheredOutput::capacity} - gathered.size) return false;
  if (gathered.memory == nullptr) {
    gathered.memory = spare != nullptr ? spare : static_cast<uint8_t*>(malloc(GatheredOutput::capacity));
    if (gathered.memory == nullptr) return false;
    spare = nullptr;
  }
  const bool corked = socket.options.is_on(Stored::cork);
  if (gathered.size == 0) {
    gatherer.next = holding;
    holding = this;
    ++GatheredOutput::holders;
    // Who filled the last 16K in no time goes on like that.
    constexpr uint64_t busy_ns = 1000000;
    const uint64_t now = host::now();
    gathered.looks_at_age = now - gatherer.since < busy_ns ? 16 : 1;
    gatherer.since = now;
    gathered.sends = 0;
    static constinit BeforeWait flushing(before_wait);
    flushing.enlist();
    posix_sockets::before_call = before_call;
  }
  gather(request.buffers, gathered.memory + gathered.size, request.size);
  gathered.size = static_cast<uint16_t>(gathered.size + request.size);
  ++gathered.sends;
  gatherer.for_more = corked || (request.flags & MSG_MORE) != 0;
  gathered.takes_more = gatherer.for_more;
  gathered.takes_plain = corked || !gatherer.for_more;
  return true;
}

// A program that sends now and then, and calls nothing else in between, would have its bytes held back for long: they go after
// a while, which for what the program itself wants held back is that of Linux. The clock is looked at ever more seldom while
// many sends follow each other.
bool Connected::is_old() {
  constexpr uint64_t most_ns = 5000000;
  constexpr uint64_t most_for_more_ns = 200000000;
  GatheredOutput& gathered = fast.gathered;
  if (gathered.size == 0 || gathered.sends < gathered.looks_at_age) return false;
  gathered.looks_at_age = static_cast<uint16_t>(16 * gathered.looks_at_age);
  return host::now() - gatherer.since > (gatherer.for_more ? most_for_more_ns : most_ns);
}

void Connected::flush() {
  GatheredOutput& gathered = fast.gathered;
  if (gathered.memory == nullptr) return;
  while (gathered.size != 0) {
    const host::StreamResult room = check_room();
    if (!room.over && room.count == 0) {
      gathered.look_at_next();  // and send() finds the connection full
      return;
    }
    const size_t size = room.count < gathered.size ? room.count : size_t{gathered.size};
    const host::StreamResult written = room.over ? room : write_host(gathered.memory, size);
    if (written.over) {
      end_output(written.error);
      break;
    }
    output.sent_after_end = !input.is_open();
    gathered.take_from_front(written.count);
    if (written.count == 0) return;
  }
  drop_gathered();
}

// Nothing is held back any more: takes the connection off the list and gives its memory back.
void Connected::drop_gathered() {
  GatheredOutput& gathered = fast.gathered;
  if (gathered.memory == nullptr) return;
  gathered.size = 0;
  if (spare == nullptr) {
    spare = gathered.memory;
  } else {
    free(gathered.memory);
  }
  gathered.memory = nullptr;
  gathered.look_at_next();
  for (Connected** link = &holding; *link != nullptr; link = &(*link)->gatherer.next) {
    if (*link != this) continue;
    *link = gatherer.next;
    --GatheredOutput::holders;
    break;
  }
  gatherer.next = nullptr;
  if (holding == nullptr) posix_sockets::before_call = nullptr;
  if (gatherer.end_follows) send_end();
  gatherer.end_follows = false;
}

}  // namespace tcp

void TcpSocket::tcp_gathering_changed(bool cork, bool no_delay) {
  if (no_delay) {
    // WASI_POSIX_NODELAY=write-through makes every send on a TCP_NODELAY socket a write of its own.
    const char* value = getenv("WASI_POSIX_NODELAY");
    tcp::no_delay_gathers = value == nullptr || strcmp(value, "write-through") != 0;
  }
  tcp::Connected* connected = state_.as<tcp::Connected>();
  if (connected == nullptr) return;
  connected->fast.gathered.look_at_next();
  if (!cork) connected->flush();
}

}  // namespace posix_sockets
