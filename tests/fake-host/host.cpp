// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Scripts, counters, and the virtual clock.
#include "host.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "internal.h"

namespace fake {
namespace {

std::multimap<uint64_t, std::function<void()>> events;
uint16_t last_port = 40000;
RawHandle network;

}  // namespace

void run_due_events() {
  while (!events.empty() && events.begin()->first <= host().clock) {
    const auto event = events.begin()->second;
    events.erase(events.begin());
    event();
  }
}

uint64_t next_event() { return events.empty() ? UINT64_MAX : events.begin()->first; }

void pass_time(uint64_t nanoseconds) { host().clock += nanoseconds; }

Host& host() {
  static auto* only = new Host;
  return *only;
}

void reset_host() {
  const uint64_t clock = host().clock;
  host() = {};
  host().clock = clock;
  events.clear();
}

void called(const char* import) {
  ++host().calls[import];
  if (host().call_limit-- != 0) return;
  std::string counts;
  for (const auto& [name, count] : host().calls) counts += " " + name + " " + std::to_string(count);
  trap("the guest spins: too many host calls:%s", counts.c_str());
}

std::optional<ErrorCode> planned(const char* import) {
  auto found = host().failures.find(import);
  if (found != host().failures.end() && !found->second.empty()) {
    const std::optional<ErrorCode> error = found->second.front();
    found->second.pop_front();
    return error;
  }
  return host().chaos ? host().chaos(import) : std::nullopt;
}

bool spend_budget() {
  if (!host().budget) return true;
  if (host().budget_left == 0) return false;
  --host().budget_left;
  return true;
}

void run_until(const std::function<bool()>& done, const char* why) {
  while (!done()) {
    if (events.empty() && host().stuck) {
      host().stuck();
      continue;
    }
    if (events.empty()) trap("the guest would hang for ever: %s", why);
    host().clock = std::max(host().clock, events.begin()->first);
    run_due_events();
  }
}

uint16_t take_port() {
  do {
    last_port = last_port == 60999 ? 40001 : static_cast<uint16_t>(last_port + 1);
  } while (std::find(host().ports_in_use.begin(), host().ports_in_use.end(), last_port) != host().ports_in_use.end());
  return last_port;
}

void check_network(RawHandle handle) { get(handle, Kind::network); }

SocketAddress unflatten(int32_t family, Slots slots) {
  SocketAddress address;
  const auto in = [&](int index, uint32_t limit) {
    const auto value = static_cast<uint32_t>(slots.slot[index]);
    if (value > limit) trap("slot %d of an address is out of range: %u", index, value);
    return value;
  };
  if (family != 0 && family != 1) trap("no address family: %d", family);
  address.family = static_cast<Family>(family);
  address.port = static_cast<uint16_t>(in(0, 65535));
  if (address.family == Family::ipv4) {
    for (int i = 0; i < 4; ++i) address.bytes[i] = static_cast<uint8_t>(in(1 + i, 255));
    for (int i = 5; i < 11; ++i) in(i, 0);
    return address;
  }
  address.flow_info = in(1, UINT32_MAX);
  for (int i = 0; i < 8; ++i) {
    const uint32_t group = in(2 + i, 65535);
    address.bytes[2 * i] = static_cast<uint8_t>(group >> 8);
    address.bytes[2 * i + 1] = static_cast<uint8_t>(group);
  }
  address.scope_id = in(10, UINT32_MAX);
  return address;
}

Peer Host::will_connect(uint64_t delay) {
  ConnectPlan plan;
  plan.delay = delay;
  plan.peer = std::make_shared<Connection>();
  connects.push_back(plan);
  return plan.peer;
}
void Host::will_fail_to_connect(ErrorCode error, uint64_t delay) {
  ConnectPlan plan;
  plan.delay = delay;
  plan.error = error;
  connects.push_back(plan);
}
void Host::will_never_connect() {
  ConnectPlan plan;
  plan.never = true;
  connects.push_back(plan);
}
void Host::fails(const std::string& import, ErrorCode error, int before) {
  for (int i = 0; i < before; ++i) failures[import].push_back(std::nullopt);
  failures[import].push_back(error);
}
void Host::after(uint64_t delay, std::function<void()> event) { events.emplace(clock + delay, std::move(event)); }

int Host::total_calls() const {
  int total = 0;
  for (const auto& [import, count] : calls) total += count;
  return total;
}
int Host::calls_of(const std::string& import) const {
  const auto found = calls.find(import);
  return found == calls.end() ? 0 : found->second;
}
void Host::forget_calls() {
  calls.clear();
  suspensions = pollables_polled = largest_read = 0;
}

SocketAddress ipv4(const char* text, uint16_t port) {
  SocketAddress address;
  address.port = port;
  if (inet_pton(AF_INET, text, address.bytes) != 1) std::abort();
  return address;
}
SocketAddress ipv6(const char* text, uint16_t port) {
  SocketAddress address;
  address.family = Family::ipv6;
  address.port = port;
  if (inet_pton(AF_INET6, text, address.bytes) != 1) std::abort();
  return address;
}

}  // namespace fake

using namespace fake;

extern "C" {

RawHandle wps_instance_network() {
  called("instance-network");
  struct Network : Resource {
    Network() : Resource(Kind::network) { kept = true; }
  };
  network = add(std::make_unique<Network>());
  return network;
}
void wps_network_drop(RawHandle handle) { drop(handle, Kind::network); }

uint64_t wps_monotonic_clock_now() {
  called("now");
  return host().clock;
}

RawHandle wps_monotonic_clock_subscribe_instant(uint64_t instant) {
  called("subscribe-instant");
  auto timer = std::make_unique<Pollable>();
  timer->past = instant <= host().clock;
  timer->instant = timer->past ? host().clock : instant + host().timer_overshoot;
  return add(std::move(timer));
}

RawHandle wps_monotonic_clock_subscribe_duration(uint64_t duration) {
  called("subscribe-duration");
  auto timer = std::make_unique<Pollable>();
  timer->past = duration == 0;
  timer->kept = duration == 1;  // the library's timer that has long elapsed
  timer->instant = host().clock + duration;
  return add(std::move(timer));
}

void wps_pollable_drop(RawHandle handle) { drop(handle, Kind::pollable); }

int32_t wps_pollable_ready(RawHandle handle) {
  called("pollable.ready");
  host().clock += host().look_takes;
  run_due_events();
  Pollable& pollable = get<Pollable>(handle);
  if (pollable.watched) pollable.watched();
  const bool is_ready = pollable.ready ? pollable.ready() : host().clock >= pollable.instant;
  return static_cast<int32_t>(is_ready && (pollable.past || spend_budget()));
}
}
