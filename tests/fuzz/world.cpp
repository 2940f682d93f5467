// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What peers, the network and the host do.
#include <string>

#include "run.h"

namespace random_calls {

void Run::peers() {
  if (peers_.empty()) return;
  const Peer peer = peers_[choose_.below(static_cast<unsigned>(peers_.size()))];
  switch (choose_.below(12)) {
    case 0:
      peer->finishes();
      break;
    case 1:
      peer->resets();
      break;
    case 2:
      peer->breaks(choose_.of({"", "Kind(TimedOut)", "broken pipe", "x"}), choose_.of({"", "EPIPE", "timeout"}));
      break;
    case 3:
      peer->stops_reading(choose_.below(2000));
      break;
    case 4:
      peer->reads(choose_.below(3000));
      break;
    case 5:
      peer->reads();
      break;
    case 6:
      peer->in.most_per_read = choose_.of<size_t>({1, 7, 65536});
      break;
    case 7:
      for (unsigned i = choose_.below(4); i > 0; --i)
        peer->out.permits.push_back(choose_.of<uint64_t>({0, 1, 17, 65536, 1 << 20}));
      break;
    default: {
      const size_t size = choose_.of<size_t>({1, 3, 100, 4000, 40000});
      std::string data(size, '\0');
      uint8_t& next = produced_[peer];
      if (peer->in.finished || peer->in.failure || peer->in.shut) break;
      for (char& byte : data) byte = static_cast<char>(next++);
      if (choose_.one_in(2)) {
        peer->sends(data);
      } else {
        // In order with what is sent at once: nothing else of this peer may overtake it.
        peer->sends(data.substr(0, size / 2));
        peer->sends(data.substr(size / 2));
      }
    }
  }
}

void Run::incoming() {
  const uint16_t to = choose_.of<uint16_t>({5000, 5001, 5002});
  switch (choose_.below(4)) {
    case 0:
      host().aborts_to(
          to, choose_.of({ErrorCode::connection_aborted, ErrorCode::connection_reset, ErrorCode::new_socket_limit}));
      break;
    case 1:
      host().after(choose_.below(20) * fake::ms, [this, to] { remember(host().connects_to(to)); });
      break;
    default:
      remember(host().connects_to(to));
  }
}

void Run::datagrams() {
  for (const uint16_t number : {5000, 5001, 5002}) {
    const fake::UdpSide side = host().udp(number);
    if (side == nullptr) continue;
    switch (choose_.below(6)) {
      case 0:
        side->fails(choose_.of({ErrorCode::connection_refused, ErrorCode::remote_unreachable}));
        break;
      case 1:
        side->writable = false;
        break;
      case 2:
        side->writable = true;
        break;
      default: {
        const size_t size = choose_.of<size_t>({0, 1, 100, 65507});
        side->arrives(std::string(size, 'd'), side->remote ? *side->remote : fake::ipv4("127.0.0.1", 9));
      }
    }
  }
}

void Run::host_habits() {
  host().budget = choose_.one_in(2);
  host().older = choose_.one_in(2);
  host().spurious = static_cast<int>(choose_.below(5));
  host().has_ipv6 = !choose_.one_in(8);
  host().timer_overshoot = choose_.below(2) * fake::ms;
  host().socket_limit = choose_.of<int>({3, 100, 100});
  if (choose_.one_in(4)) {
    const unsigned every = 3 + choose_.below(40);
    auto code = static_cast<ErrorCode>(1 + choose_.below(17));
    if (code == ErrorCode::out_of_memory) code = ErrorCode::would_block;
    // In changing distances: else it may hit the same call of a loop each time, and no host says "not now" for ever.
    host().chaos = [every, code, calls = 0u, distance = every](const char*) mutable -> std::optional<ErrorCode> {
      if (++calls < distance) return std::nullopt;
      calls = 0;
      distance = distance < 2 * every ? distance + 1 : every;
      return code;
    };
  } else {
    host().chaos = {};
  }
}

}  // namespace random_calls
