// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Event queues: registering events.
#include "watch/event_queue.h"

#include <time.h>

#include "support/memory.h"
#include "wit-bindings/host.h"

namespace posix_sockets {
namespace {

constexpr uint16_t actions = EV_ADD | EV_DELETE | EV_ENABLE | EV_DISABLE | EV_FORCEONESHOT | EV_KEEPUDATA | EV_SYSFLAGS;

// Nanoseconds of `data` units, saturating at some centuries.
uint64_t to_ns(int64_t data, uint32_t flags) {
  constexpr uint64_t most = INT64_MAX;
  uint64_t unit = 1000000;
  if ((flags & NOTE_SECONDS) != 0) unit = 1000000000;
  if ((flags & NOTE_USECONDS) != 0) unit = 1000;
  if ((flags & NOTE_NSECONDS) != 0) unit = 1;
  const auto count = static_cast<uint64_t>(data);
  return count > most / unit ? most : count * unit;
}

}  // namespace

void EventQueue::release() {
  for (Note& note : notes_) leave(note);
  destroy(this);
}

EventQueue::Note* EventQueue::find(uintptr_t ident, int filter) const {
  return notes_.find(ident, [=](const Note& note) { return note.filter == filter; });
}

void EventQueue::remove(Note& note) {
  if (note.description != nullptr)
    edges += note.description->edge_count(to_wait_for(note));  // so that the sum in edge_count() stays
  if (note.filter == EVFILT_TIMER) --timers_;
  leave(note);
  notes_.remove(note.ident, &note);
}

void EventQueue::reference_gone(Watch& watch, int number) {
  auto& note = static_cast<Note&>(watch);
  const bool its_own = number >= 0 && note.ident == static_cast<uintptr_t>(number);
  if (its_own || note.description->references == 0) remove(note);
}

bool EventQueue::reaches(const Description* other) const {
  if (this == other) return true;
  for (const Note& note : notes_) {
    const auto* inner = as<Watcher>(note.description);
    if (inner != nullptr && inner->reaches(other)) return true;
  }
  return false;
}

uint64_t EventQueue::period_of(const Note& note) { return to_ns(note.data, note.flags_wanted); }

// Adding an existing timer again throws away what it had to tell, and starts it anew.
Errno EventQueue::set_timer(Note& note, const struct kevent& event) {
  constexpr uint32_t known = NOTE_SECONDS | NOTE_MSECONDS | NOTE_USECONDS | NOTE_NSECONDS | NOTE_ABSTIME;
  if (event.data < 0 || (event.fflags & ~known) != 0) return EINVAL;
  const bool absolute = (event.fflags & NOTE_ABSTIME) != 0;
  note.flags |= EV_CLEAR;
  if (absolute) note.flags |= EV_ONESHOT;
  note.flags_wanted = event.fflags;
  note.data = event.data == 0 && (note.flags & EV_ONESHOT) == 0 ? 1 : event.data;
  uint64_t from_now = period_of(note);
  if (absolute) {
    timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    const uint64_t now = static_cast<uint64_t>(time.tv_sec) * 1000000000 + static_cast<uint64_t>(time.tv_nsec);
    from_now = from_now > now ? from_now - now : 0;
  }
  note.expired = 0;
  note.expiry = Deadline::after(host::now(), from_now).instant;
  return success;
}

void EventQueue::set_user(Note& note, const struct kevent& event, bool fresh) {
  const uint32_t bits = event.fflags & NOTE_FFLAGSMASK;
  if (fresh) {
    note.flags_wanted = bits;
  } else {
    switch (event.fflags & NOTE_FFCTRLMASK) {
      case NOTE_FFAND:
        note.flags_wanted &= bits;
        break;
      case NOTE_FFOR:
        note.flags_wanted |= bits;
        break;
      case NOTE_FFCOPY:
        note.flags_wanted = bits;
        break;
      default:
        break;
    }
    // EV_CLEAR takes a trigger back, except with one.
    if ((event.flags & EV_CLEAR) != 0) note.expired = 0;
  }
  note.data = event.data;
  if ((event.fflags & NOTE_TRIGGER) != 0) note.expired = 1;
}

Errno EventQueue::set(Note& note, const struct kevent& event, bool fresh) {
  if (!fresh && (event.flags & EV_KEEPUDATA) == 0) note.user = event.udata;
  if (fresh) note.user = event.udata;
  note.kept[0] = event.ext[2];
  note.kept[1] = event.ext[3];
  switch (event.filter) {
    case EVFILT_TIMER:
      if ((event.flags & EV_ADD) != 0) {
        const Errno error = set_timer(note, event);
        if (!error.ok()) return error;
      }
      break;
    case EVFILT_USER:
      set_user(note, event, fresh);
      break;
    default:
      note.flags_wanted = event.fflags;
      note.data = event.data;
  }
  // Adding enables, unless EV_DISABLE says otherwise.
  if ((event.flags & (EV_ADD | EV_ENABLE)) != 0) note.disabled = false;
  if ((event.flags & EV_DISABLE) != 0 && (event.flags & EV_ENABLE) == 0) note.disabled = true;
  if ((event.flags & EV_FORCEONESHOT) != 0) {
    note.flags |= EV_ONESHOT;
    note.forced = true;
  }
  note.told = false;
  return success;
}

Errno EventQueue::add(const struct kevent& event, Description* description) {
  const auto* inner = as<Watcher>(description);
  if (inner != nullptr && (event.filter != EVFILT_READ || inner->reaches(this))) return EINVAL;
  Note* note = notes_.add(event.ident);
  if (note == nullptr) return ENOMEM;
  note->ident = event.ident;
  note->filter = static_cast<int8_t>(event.filter);
  note->flags = static_cast<uint16_t>(event.flags & ~actions);
  const Errno error = set(*note, event, true);
  if (!error.ok()) {
    notes_.remove(event.ident, note);
    return error;
  }
  enter(*note, description);
  if (note->filter == EVFILT_TIMER) ++timers_;
  return success;
}

Errno EventQueue::change(const struct kevent& event, Description* description) {
  if (event.filter != EVFILT_READ && event.filter != EVFILT_WRITE && event.filter != EVFILT_TIMER &&
      event.filter != EVFILT_USER)
    return EINVAL;
  if ((event.flags & EV_ADD) != 0 && (event.flags & EV_KEEPUDATA) != 0) return EINVAL;
  tell_change();
  Note* note = find(event.ident, event.filter);
  if (note == nullptr) return (event.flags & EV_ADD) != 0 ? add(event, description) : ENOENT;
  if ((event.flags & EV_DELETE) != 0) {
    remove(*note);
    return success;
  }
  activate(*note);
  return set(*note, event, false);
}

}  // namespace posix_sockets
