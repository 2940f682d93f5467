// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "table.h"

#include <algorithm>

namespace fake3 {
namespace {

std::unique_ptr<World> the_world = std::make_unique<World>();
std::map<RawHandle, std::unique_ptr<Thing>> table;
RawHandle last;

struct Set : Thing {
  static constexpr Kind its_kind = Kind::set;
  Set() : Thing(its_kind) {}
};

Thing& waitable(RawHandle handle) {
  const auto found = table.find(handle);
  if (found == table.end()) trap("unknown handle index " + std::to_string(handle));
  Thing& thing = *found->second;
  if (thing.kind == Kind::set || thing.kind == Kind::tcp || thing.kind == Kind::udp || thing.kind == Kind::stream_end)
    trap("handle is not a waitable");
  return thing;
}

void work() {
  for (auto due = the_world->later.begin(); due != the_world->later.end() && due->first <= the_world->now;
       due = the_world->later.begin()) {
    const auto what = std::move(due->second);
    the_world->later.erase(due);
    what();
  }
  for (auto& [handle, thing] : table) thing->work();
}

bool take_event(RawHandle set, uint32_t* event, uint32_t& kind) {
  for (auto& [handle, thing] : table) {
    if (thing->set != set || !thing->has_event) continue;
    thing->has_event = false;
    kind = thing->event;
    event[0] = handle;
    event[1] = thing->payload;
    return true;
  }
  return false;
}

}  // namespace

World& world() { return *the_world; }
void begin() {
  // The set of the program, the one timer, and standard input live on.
  the_world = std::make_unique<World>();
}
size_t World::handles() const { return table.size(); }
void trap(const std::string& why) { throw Trap(why); }
void called() { ++the_world->calls; }
std::map<RawHandle, std::unique_ptr<Thing>>& things() { return table; }

RawHandle add(std::unique_ptr<Thing> thing) {
  table.emplace(++last, std::move(thing));
  return last;
}
Thing& get(RawHandle handle, Kind kind) {
  const auto found = table.find(handle);
  if (found == table.end()) trap("unknown handle index " + std::to_string(handle));
  if (found->second->kind != kind) trap("handle index " + std::to_string(handle) + " used with the wrong type");
  return *found->second;
}
void drop(RawHandle handle, Kind kind) {
  Thing& thing = get(handle, kind);
  if (thing.is_busy()) trap("cannot remove busy stream, future or subtask");
  table.erase(handle);
}

uint32_t call(RawHandle socket, std::function<bool()> step) {
  if (step()) return static_cast<uint32_t>(wasi3::Subtask::returned);
  return add(std::make_unique<Subtask>(socket, std::move(step))) << 4 | static_cast<uint32_t>(wasi3::Subtask::started);
}
void check_not_borrowed(RawHandle socket) {
  for (auto& [handle, thing] : table)
    if (thing->kind == Kind::subtask && static_cast<Subtask&>(*thing).borrowed == socket && thing->is_busy())
      trap("cannot remove owned resource while borrowed");
}

namespace {

void check_cancel(const Thing& thing, bool busy) {
  if (thing.set != 0) trap("waitable cannot be used synchronously while added to a waitable set");
  if (!busy && !thing.has_event) trap("nothing is under way that could be cancelled");
}

}  // namespace

uint32_t StreamIn::read(void* to, size_t count) {
  if (reading || has_event) trap("cannot have concurrent operations active on a future/stream");
  if (told_end) trap("cannot read after being notified that the writable end dropped");
  if (const auto taken = take(to, count)) {
    told_end = wasi3::is_dropped(*taken);
    return *taken;
  }
  buffer = to;
  size = count;
  reading = true;
  return wasi3::blocked;
}
void StreamIn::work() {
  if (!reading) return;
  const auto taken = take(buffer, size);
  if (!taken) return;
  reading = false;
  told_end = wasi3::is_dropped(*taken);
  happened(wasi3::Event::stream_read, *taken);
}
uint32_t StreamIn::cancel() {
  check_cancel(*this, reading);
  if (has_event) {
    has_event = false;
    return payload;
  }
  reading = false;
  return cancelled(0);
}

std::optional<uint32_t> StreamOut::put(const void* from, size_t count) {
  if (peer == nullptr) return std::nullopt;
  if (peer->broken) return dropped(0);
  const size_t taken = std::min(count, peer->room);
  if (taken == 0) return std::nullopt;
  peer->received.append(static_cast<const char*>(from), taken);
  if (peer->room != SIZE_MAX) peer->room -= taken;
  return completed(taken);
}
uint32_t StreamOut::write(const void* from, size_t count) {
  if (writing || has_event) trap("cannot have concurrent operations active on a future/stream");
  if (told_end) trap("cannot write after being notified that the readable end dropped");
  if (const auto done = put(from, count)) {
    told_end = wasi3::is_dropped(*done);
    return *done;
  }
  buffer = from;
  size = count;
  writing = true;
  return wasi3::blocked;
}
void StreamOut::work() {
  if (!writing) return;
  const auto done = put(buffer, size);
  if (!done) return;
  writing = false;
  told_end = wasi3::is_dropped(*done);
  happened(wasi3::Event::stream_write, *done);
}
uint32_t StreamOut::cancel() {
  check_cancel(*this, writing);
  if (has_event) {
    has_event = false;
    return payload;
  }
  writing = false;
  return cancelled(0);
}

uint32_t Future::read(wasi3::ResultUnit* to) {
  if (told) trap("cannot read from a future after its value was read");
  if (reading) trap("cannot have concurrent operations active on a future/stream");
  result = to;
  reading = true;
  return wasi3::blocked;  // never at once, as on the host that there is
}
void Future::work() {
  if (!reading || !value(*result)) return;
  reading = false;
  told = true;
  happened(wasi3::Event::future_read, completed(0));
}
uint32_t Future::cancel() {
  check_cancel(*this, reading);
  has_event = reading = false;
  return cancelled(0);
}

extern "C" {

RawHandle wps3_set_new() {
  called();
  return add(std::make_unique<Set>());
}

uint32_t wps3_set_poll(RawHandle set, uint32_t* event) {
  called();
  (void)get(set, Kind::set);
  uint32_t kind = 0;
  return take_event(set, event, kind) ? kind : 0;
}

uint32_t wps3_set_wait(RawHandle set, uint32_t* event) {
  called();
  (void)get(set, Kind::set);
  ++the_world->sleeps;
  uint32_t kind = 0;
  for (;;) {
    work();
    if (take_event(set, event, kind)) return kind;
    if (the_world->later.empty()) trap("the guest waits for nothing that could come");
    the_world->now = std::max(the_world->now, the_world->later.begin()->first);
  }
}

void wps3_join(RawHandle handle, RawHandle set) {
  called();
  Thing& thing = waitable(handle);
  if (set != 0) (void)get(set, Kind::set);
  thing.set = set;
}

uint32_t wps3_subtask_cancel(RawHandle handle) {
  called();
  auto& task = get<Subtask>(handle);
  if (task.set != 0) trap("waitable cannot be used synchronously while added to a waitable set");
  if (task.resolved && !task.has_event) trap("the subtask has been resolved");
  task.has_event = false;
  if (task.resolved) return static_cast<uint32_t>(wasi3::Subtask::returned);
  task.resolved = true;
  return static_cast<uint32_t>(wasi3::Subtask::cancelled_before_returned);
}
void wps3_subtask_drop(RawHandle handle) {
  called();
  auto& task = get<Subtask>(handle);
  if (!task.resolved || task.has_event) trap("cannot drop a subtask which has not yet resolved");
  drop(handle, Kind::subtask);
}

uint32_t wps3_yield() {
  called();
  ++the_world->turns;
  work();
  return 0;
}

uint64_t wps3_now() { return the_world->now; }
uint32_t wps3_wait_until(uint64_t instant) {
  called();
  the_world->at(instant, [] {});
  return call(0, [instant] { return the_world->now >= instant; });
}

void wps3_exit_with_code(int32_t) { trap("exit"); }
}

}  // namespace fake3
