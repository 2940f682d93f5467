// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "watch/watcher.h"

#include <stdlib.h>

namespace posix_sockets {

Errno Watcher::stat(struct stat& out) { return stat_anonymous(out); }

void Watcher::enter(Interest& interest, Description* description) {
  interest.owner = this;
  interest.description = description;
  if (description != nullptr) {
    interest.next = description->watches;
    description->watches = &interest;
  }
  activate(interest);
}

void Watcher::leave(Interest& interest) {
  sources_.remove(interest);
  if (interest.wants_room) --wanting_room_;
  if (interest.active) {
    Interest** link = &active_;
    while (*link != &interest) link = &(*link)->next_active;
    *link = interest.next_active;
    if (*link == nullptr) active_end_ = link;
  }
  if (interest.description == nullptr) return;
  Watch** link = &interest.description->watches;
  while (*link != &interest) link = &(*link)->next;
  *link = interest.next;
}

void Watcher::activate(Interest& interest) {
  interest.changed = true;
  if (interest.active) return;
  interest.active = true;
  interest.next_active = nullptr;
  *active_end_ = &interest;
  active_end_ = &interest.next_active;
}

void Watcher::lost_source(PollSet::Member& member) {
  auto& interest = static_cast<Interest&>(member);
  static_cast<Watcher*>(interest.owner)->activate(interest);
}

void Watcher::update_sources(Interest& interest) {
  Description* const waits_for = interest.disabled ? nullptr : interest.description;
  const Events wanted = waits_for != nullptr ? to_wait_for(interest) : 0;
  sources_.begin(interest);
  if (waits_for != nullptr) waits_for->subscribe(wanted, sources_, 0);
  (void)sources_.end();  // the wait says what failed
  const bool wants_room = waits_for != nullptr && waits_for->waits_for_room(wanted) && !waits_for->in_process();
  wanting_room_ += static_cast<int>(wants_room) - static_cast<int>(interest.wants_room);
  interest.wants_room = wants_room;
}

// Looking may activate others, which come behind.
bool Watcher::look() {
  sources_.begin_round();
  bool any_known = false;
  for (Interest* each = active_; each != nullptr; each = each->next_active) {
    each->suspected = each->changed = false;
    each->known = is_due(*each, false);
    any_known |= each->known;
    update_sources(*each);
  }
  return any_known;
}

// Room there mostly is, so that who waits for that can't leave the host out.
Errno Watcher::wait(bool known, Deadline deadline) {
  if (wanting_room_ != 0) return known ? pace_.ask_now(sources_) : sources_.wait(deadline);
  return known ? pace_.ask(sources_) : pace_.wait(sources_, deadline);
}

// A set that is never empty grows by doubling. Without memory the others' turn comes.
bool Watcher::reserve_line(size_t count) {
  if (count < line_capacity_) return true;
  auto** larger = static_cast<Interest**>(malloc(2 * count * sizeof(Interest*)));
  if (larger == nullptr) return false;
  for (size_t i = 0; i < count; ++i) larger[i] = lined_up_[i];
  if (lined_up_ != inline_line_) free(lined_up_);
  lined_up_ = larger;
  line_capacity_ = 2 * count;
  return true;
}

size_t Watcher::line_up(bool (*comes_up)(Interest&), int (*compare)(const void*, const void*)) {
  for (size_t i = 0; i < sources_.ready_count(); ++i) {
    auto& interest = static_cast<Interest&>(sources_.ready_member(i));
    interest.suspected = true;
    activate(interest);
  }
  size_t count = 0;
  bool sorted = true;
  for (Interest* each = active_; each != nullptr; each = each->next_active) {
    if (!comes_up(*each)) continue;
    if (!reserve_line(count)) break;
    lined_up_[count] = each;
    sorted = sorted && (count == 0 || compare(&lined_up_[count - 1], &lined_up_[count]) < 0);
    ++count;
  }
  if (!sorted) qsort(lined_up_, count, sizeof *lined_up_, compare);
  return count;
}

// The clock is no source: the host's own timers are late.
void Watcher::let_rest(bool (*rests)(const Interest&)) {
  constexpr Kinds told_by_sources = {Kind::tcp, Kind::udp, Kind::standard_input};
  Interest** link = &active_;
  while (*link != nullptr) {
    Interest& interest = **link;
    const bool quiet = interest.disabled || (interest.has_sources() && interest.description->is(told_by_sources) &&
                                             !interest.known && !interest.suspected);
    if (!quiet || interest.changed || !rests(interest)) {
      link = &interest.next_active;
      continue;
    }
    interest.active = false;
    *link = interest.next_active;
  }
  active_end_ = link;
}

void Watcher::set_aside() {
  if (lined_up_ != inline_line_) free(lined_up_);
}

}  // namespace posix_sockets
