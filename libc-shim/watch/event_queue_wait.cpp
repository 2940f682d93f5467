// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Event queues: what is to be told, and whom to ask about the rest.
#include <unistd.h>

#include "description/verbs.h"
#include "file/file.h"
#include "file/libc.h"
#include "watch/event_queue.h"
#include "wit-bindings/host.h"

namespace posix_sockets {
namespace {

bool wants_low_water(uint32_t flags) { return (flags & NOTE_LOWAT) != 0; }

}  // namespace

Events EventQueue::to_wait_for(const Interest& interest) const {
  const auto& note = static_cast<const Note&>(interest);
  Events wanted;
  if (note.filter == EVFILT_READ) {
    wanted = events::readable | events::read_hang_up;
    if ((note.clears() && note.told) || wants_low_water(note.flags_wanted)) wanted |= events::more_input;
  } else {
    wanted = events::writable | events::write_hang_up;
    if (note.clears() && note.told) wanted |= events::more_room;
  }
  return wanted;
}

void EventQueue::advance(Note& note, uint64_t now) {
  if (note.expiry > now) return;
  const uint64_t period = period_of(note);
  if ((note.flags & EV_ONESHOT) != 0 || period == 0) {
    note.expired = 1;
    note.expiry = Deadline::never;
    return;
  }
  const uint64_t times = (now - note.expiry) / period + 1;
  note.expired += times;
  note.expiry += times * period;
}

// Asks the clock only if there are timers.
void EventQueue::advance_timers() {
  next_expiry_ = Deadline::never;
  if (timers_ == 0) return;
  const uint64_t now = host::now();
  for (Note& note : notes_) {
    if (note.filter != EVFILT_TIMER) continue;
    advance(note, now);
    if (!note.disabled && note.expiry < next_expiry_) next_expiry_ = note.expiry;
  }
}

// A regular file: what is left of it behind the offset. Other files of libc's never make a program wait.
bool EventQueue::holds_file(const Note& note, struct kevent& out) {
  if (note.filter == EVFILT_WRITE) return true;
  const int number = libc_descriptor_of(*note.description);
  struct stat status;
  if (libc::fstat(number, &status) != 0 || !S_ISREG(status.st_mode)) return true;
  InsideLibc inside;
  out.data = status.st_size - lseek(number, 0, SEEK_CUR);
  return out.data != 0 || (note.flags_wanted & NOTE_FILE_POLL) != 0;
}

// As FreeBSD's filters for sockets and pipes have it.
bool EventQueue::look_at(const Note& note, bool probe, struct kevent& out) const {
  Description& description = *note.description;
  if (description.is_plain_file()) return holds_file(note, out);
  // Whether there is room, not whether some came: looking for that may just have found it, and taken it back.
  const Events now = description.ready(to_wait_for(note) & static_cast<Events>(~events::more_room), probe);
  Socket* socket = as<Socket>(description);
  const bool reads = note.filter == EVFILT_READ;
  // To a socket a hang-up alone is that it isn't connected yet; of a pipe the other end is gone.
  const Events end = reads ? events::read_hang_up : events::write_hang_up;
  bool over = (now & end) != 0;
  if (socket == nullptr) over |= (now & (reads ? events::hang_up : events::error)) != 0;
  const bool error = (now & events::error) != 0;
  const Events enough = reads ? events::readable : events::writable;
  bool holds = (now & enough) != 0 && (reads || socket == nullptr || (now & events::hang_up) == 0);
  if (!holds && !over && !error) return false;
  out.data = reads ? verbs::buffered(description) : over ? 0 : verbs::room(description);
  if (over) out.flags |= EV_EOF;
  if (over && socket != nullptr) out.fflags = static_cast<unsigned>(socket->error().value());
  if (holds && wants_low_water(note.flags_wanted)) {
    constexpr int64_t highest = 65536;  // more than that is never looked at ahead, nor promised
    holds = out.data >= (note.data < highest ? note.data : highest);
  }
  return holds || over || error;
}

bool EventQueue::holds(const Note& note, bool probe, struct kevent& out) const {
  out = {};
  if (note.disabled) return false;
  out.ident = note.ident;
  out.filter = note.filter;
  out.flags = note.flags;
  out.udata = note.user;
  out.ext[2] = note.kept[0];
  out.ext[3] = note.kept[1];
  if (note.filter == EVFILT_TIMER || note.filter == EVFILT_USER) {
    out.data = note.filter == EVFILT_TIMER ? static_cast<int64_t>(note.expired) : note.data;
    if (note.filter == EVFILT_USER) out.fflags = note.flags_wanted;
    return note.expired != 0 || note.forced;
  }
  if (note.clears() && note.told && !note.forced) {
    // Looking may itself move the counter. What moved it isn't all that holds, so that the host is asked about the rest.
    const Events wanted = to_wait_for(note);
    (void)note.description->ready(wanted, probe);
    if (note.description->edge_count(wanted) == note.told_edge) return false;
    probe = true;
  }
  return look_at(note, probe, out) || note.forced;
}

bool EventQueue::is_due(Interest& interest, bool probe) {
  auto& note = static_cast<Note&>(interest);
  struct kevent unused;
  return holds(note, probe, unused);
}

Deadline EventQueue::wait_limit() {
  advance_timers();
  return {next_expiry_};
}

int EventQueue::compare(const void* left, const void* right) {
  const auto& a = static_cast<const Note&>(**static_cast<Interest* const*>(left));
  const auto& b = static_cast<const Note&>(**static_cast<Interest* const*>(right));
  if (a.ident != b.ident) return a.ident < b.ident ? -1 : 1;
  return a.filter > b.filter ? -1 : 1;
}

int EventQueue::collect(struct kevent* out, int most) {
  advance_timers();
  const auto comes_up = [](Interest& interest) {
    return interest.known || interest.suspected || static_cast<Note&>(interest).filter == EVFILT_TIMER;
  };
  const size_t count = line_up(comes_up, compare);
  size_t start = 0;
  while (start < count && static_cast<Note&>(*lined_up_[start]).ident < start_) ++start;
  int found = 0;
  for (size_t i = 0; i < count && found < most; ++i) {
    const size_t place = start + i < count ? start + i : start + i - count;
    auto& note = static_cast<Note&>(*lined_up_[place]);
    if (!holds(note, note.suspected, out[found])) continue;
    ++found;
    if (found == most) start_ = note.ident + 1;
    if ((note.flags & EV_ONESHOT) != 0) {
      remove(note);
      continue;
    }
    note.told = true;
    if (note.description != nullptr) note.told_edge = note.description->edge_count(to_wait_for(note));
    if (note.clears()) note.expired = 0;
    if (note.filter == EVFILT_USER && note.clears()) note.flags_wanted = 0;
    if ((note.flags & EV_DISPATCH) != 0) note.disabled = true;
  }
  let_rest([](const Interest&) { return true; });
  return found;
}

int64_t EventQueue::buffered() {
  advance_timers();
  int64_t count = 0;
  struct kevent unused;
  for (const Note& note : notes_) count += holds(note, true, unused);
  return count;
}

Events EventQueue::ready(Events wanted, bool probe) {
  if ((wanted & events::readable) == 0) return 0;
  advance_timers();
  struct kevent unused;
  for (const Note& note : notes_)
    if (holds(note, probe, unused)) return events::readable;
  return 0;
}

void EventQueue::subscribe(Events wanted, PollSet& set, uint32_t tag) {
  if ((wanted & events::readable) == 0) return;  // nothing else ever becomes true of it
  for (const Note& note : notes_)
    if (note.description != nullptr && !note.disabled) note.description->subscribe(to_wait_for(note), set, tag);
  advance_timers();
  if (next_expiry_ == Deadline::never) return;
  timer_.set(next_expiry_);
  set.add(timer_.source(), tag);
}

uint32_t EventQueue::edge_count(Events) const {
  uint32_t count = edges;
  for (const Note& note : notes_) {
    count += note.description != nullptr ? note.description->edge_count(to_wait_for(note))
                                         : static_cast<uint32_t>(note.expired);
  }
  return count;
}

}  // namespace posix_sockets
