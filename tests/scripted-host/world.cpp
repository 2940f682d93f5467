// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The clock, the sources, faults, and the peers' ends.
#include "world.h"

#include <cstdio>
#include <cstdlib>

#include "libc.h"
#include "models.h"

namespace host = posix_sockets::host;

namespace scripted {
namespace {

World* the_world;

struct Event {
  uint64_t instant;
  std::function<void()> run;
};
std::deque<Event> events;

struct Watched {
  std::function<bool()> ready;
  uint64_t instant;  // of a timer
};
std::map<host::SourceId, Watched> sources;
host::SourceId last_source;
uint16_t last_port;

void run_events() {
  for (bool again = true; again;) {
    again = false;
    for (auto event = events.begin(); event != events.end(); ++event) {
      if (event->instant > world().clock) continue;
      const std::function<void()> run = std::move(event->run);
      events.erase(event);
      run();
      again = true;
      break;
    }
  }
}

bool is_source_ready(host::SourceId id) {
  const auto found = sources.find(id);
  if (found == sources.end()) stop("a source that is gone is looked at");
  return found->second.instant != UINT64_MAX ? world().clock >= found->second.instant : found->second.ready();
}

// The next instant at which something may change.
uint64_t next_instant(const host::SourceId* list, size_t count) {
  uint64_t next = UINT64_MAX;
  for (const Event& event : events) next = std::min(next, event.instant);
  for (size_t i = 0; i < count; ++i) {
    const uint64_t instant = sources.at(list[i]).instant;
    if (instant > world().clock) next = std::min(next, instant);
  }
  return next;
}

size_t find_ready(const host::SourceId* list, size_t count, uint32_t* ready) {
  settle_peers();
  size_t found = 0;
  for (size_t i = 0; i < count; ++i)
    if (is_source_ready(list[i])) ready[found++] = static_cast<uint32_t>(i);
  return found;
}

void count_call() {
  constexpr int most = 200000;
  if (++world().all_calls > most) stop("the library spins");
}

}  // namespace

World& world() {
  if (the_world == nullptr) the_world = new World;
  return *the_world;
}

void begin(int fault_at, size_t fault_index) {
  const uint64_t clock = world().clock;
  const int objects = world().live_objects;
  const int live_sources = world().live_sources;
  *the_world = World();
  events.clear();
  last_port = 40000;
  world().clock = clock;
  world().live_objects = objects;
  world().live_sources = live_sources;
  world().fault_at = fault_at;
  world().fault_index = fault_index;
}

void stop(const char* why) {
  std::fprintf(stderr, "scripted host: %s\n", why);
  std::abort();
}

uint16_t take_port() { return ++last_port; }

const Fault* fault(Call call) {
  count_call();
  if (world().keeps_trace) world().trace.push_back(call);
  if (++world().calls != world().fault_at || world().fault_index >= faults_of(call).size()) return nullptr;
  world().faulted = true;
  world().faulted_call = call;
  return &faults_of(call)[world().fault_index];
}

Errno error_of(Call call) {
  const Fault* given = fault(call);
  return given != nullptr ? Errno(given->value) : Errno();
}

host::SourceId add_source(std::function<bool()> ready, uint64_t instant) {
  ++world().live_sources;
  sources[++last_source] = {std::move(ready), instant};
  return last_source;
}

host::Source& source_of(host::Source& source, const std::function<bool()>& ready) {
  if (!source) source = host::Source(add_source(ready));
  return source;
}

void World::after(uint64_t delay, std::function<void()> event) { events.push_back({clock + delay, std::move(event)}); }

PeerPointer World::will_connect(uint64_t delay) {
  auto peer = std::make_shared<Peer>();
  attempts.push_back({peer, delay, 0, false});
  return peer;
}

PeerPointer World::connects_to(uint16_t port) {
  auto peer = std::make_shared<Peer>();
  clients[port].push_back(peer);
  peers.push_back(peer);
  return peer;
}

void Peer::sends(const std::string& data) {
  if (to_guest->ended || !to_guest->failure.ok()) return;
  told += data;
  to_guest->data += data;
  to_guest->given += data.size();
}

void Peer::resets(int error) {
  to_guest->data.clear();
  to_guest->failure = error;
  from_guest->failure = error;
}

void Peer::takes(size_t size) {
  const size_t taken = std::min(size, from_guest->data.size());
  received.append(from_guest->data, 0, taken);
  from_guest->data.erase(0, taken);
  from_guest->taken += taken;
}

void settle_peers() {
  for (const PeerPointer& peer : world().peers)
    if (peer->reads) peer->takes();
}

}  // namespace scripted

using namespace scripted;

namespace posix_sockets::host {

void (*before_source_goes)(SourceId source);

namespace parts {

void Source::reset() {
  if (id_ == 0) return;
  if (before_source_goes != nullptr) before_source_goes(id_);
  if (sources.erase(id_) == 0) stop("a source goes twice");
  --world().live_sources;
  id_ = 0;
}

Source& Source::operator=(Source&& other) noexcept {
  if (this != &other) {
    reset();
    id_ = other.id_;
    other.id_ = 0;
  }
  return *this;
}

}  // namespace parts

uint64_t now() {
  count_call();
  return world().clock += 100;  // a call takes some time, too
}

void Timer::set(uint64_t instant) {
  if (instant == part.instant) return;
  part.source.reset();
  part.instant = instant;
}
Source& Timer::source() {
  if (!part.source) part.source = Source(add_source({}, part.instant));
  return part.source;
}

size_t look(SourceId* list, size_t count, uint32_t* ready) {
  count_call();
  if (count == 0) stop("a look at nothing");
  run_events();
  return find_ready(list, count, ready);
}
size_t look_at_all(SourceId* list, size_t count, uint32_t* ready) { return count == 0 ? 0 : look(list, count, ready); }
size_t complete(SourceId*, size_t, uint32_t*, size_t told) { return told; }

size_t sleep(SourceId* list, size_t count, uint64_t instant, uint32_t* ready) {
  count_call();
  if (instant == shortest_sleep) instant = world().clock + 1000;
  for (;;) {
    run_events();
    const size_t found = find_ready(list, count, ready);
    if (found != 0) return found;
    if (world().clock >= instant) return 0;
    const uint64_t next = std::min(next_instant(list, count), instant);
    if (next == UINT64_MAX) stop("a wait that nothing ends");
    world().clock = next;
  }
}

bool is_ready(SourceId source) {
  count_call();
  run_events();
  settle_peers();
  return is_source_ready(source);
}

bool give_turn(bool, bool suspends) {
  if (suspends) {
    count_call();
    world().clock += 1000;
    run_events();
    settle_peers();
  }
  return suspends;
}

}  // namespace posix_sockets::host

namespace fake {

void pass_time(uint64_t nanoseconds) { scripted::world().clock += nanoseconds; }

}  // namespace fake
