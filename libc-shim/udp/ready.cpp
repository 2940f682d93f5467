// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// UDP: readiness.
#include "udp/delivery.h"

namespace posix_sockets {

// Whether a send must ask the host is the same question for ready(): what fails at once, or opens the endpoint first, doesn't wait.
Errno UdpSocket::writable(Endpoint& endpoint) const {
  return (shut_ & shutdown_send) != 0 || !endpoint.is_open() ? success : endpoint.room();
}

void UdpSocket::look_for_news(Events wanted, bool probe) {
  const uint32_t seen = input_edges;
  uint32_t before = queue_.count();
  Delivery to_queue(*this);
  if (!queue_.empty() && needs_input(wanted)) (void)ask(1, to_queue);
  if (readable() == EAGAIN && probe) look_for_refusal();
  // For who hears of news alone: what isn't any may be before what is.
  while (watches != nullptr && binding_.expected.any() && queue_.count() != before && input_edges == seen &&
         needs_input(wanted)) {
    before = queue_.count();
    (void)ask(1, to_queue);
  }
}

Events UdpSocket::ready(Events wanted, bool probe) {
  wanted |= events::error | events::hang_up;
  if (probe || binding_.expected.any()) look_for_news(wanted, probe);
  Events now = 0;
  if (!queue_.empty()) now |= events::readable;
  if ((shut_ & shutdown_receive) != 0) now |= events::readable | events::read_hang_up;
  if ((shut_ & shutdown_send) != 0) now |= events::write_hang_up;
  if (shut_ == (shutdown_receive | shutdown_send)) now |= events::hang_up;
  const bool asks = endpoint().is_open() && (shut_ & shutdown_send) == 0;
  if (!asks) {
    now |= events::writable;
  } else if ((probe || !endpoint().has_sent()) && waits_for_room(wanted) && !(endpoint().room() == EAGAIN)) {
    now |= events::writable;
    saw_room();
  }
  if (!pending_error_.ok()) now |= events::error;
  return now & wanted;
}

void UdpSocket::subscribe(Events wanted, PollSet& set, uint32_t tag) {
  Endpoint* const endpoints[] = {&main_, &binding_.ipv4};
  for (Endpoint* endpoint : endpoints) {
    if (!endpoint->is_open()) continue;
    if (needs_input(wanted) && (shut_ & shutdown_receive) == 0) set.add(endpoint->socket().readable(), tag);
    if (waits_for_room(wanted)) set.add(endpoint->socket().writable(), tag);
  }
}

}  // namespace posix_sockets
