// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sets whose sources stay from wait to wait. Programs that wait for one descriptor at a time don't link this.
#include <stdlib.h>
#include <string.h>

#include "support/memory.h"
#include "wait/poll_set.h"

namespace posix_sockets {

PollSet::PollSet(Lost lost) : lost_(lost) {
  next_listener_ = standing_sets;
  standing_sets = this;
  add_standing = [](PollSet& set, host::SourceId id) { set.add_to_member(id); };
  forget_standing = [](host::SourceId dropped) {
    for (PollSet* set = standing_sets; set != nullptr; set = set->next_listener_) set->forget_in_members(dropped);
  };
  hear_or_not();
}

uint32_t* PollSet::link_to(Member& member, uint32_t place) {
  uint32_t* link = &member.first;
  while (*link != place) link = &next_[*link];
  return link;
}

// The last one takes the place that becomes free, and what was added before a wait stays behind all members'.
void PollSet::take_out(Member& member, uint32_t place) {
  count_id(handles_[place], -1);
  *link_to(member, place) = next_[place];
  auto last = static_cast<uint32_t>(count_ - 1);
  while (tags_[last] == own_tag) --last;
  if (place != last) {
    *link_to(*reinterpret_cast<Member*>(tags_[last]), last) = place;
    next_[place] = next_[last];
    move(last, place);
  }
  --count_;
  if (last != count_) move(static_cast<uint32_t>(count_), last);
}

void PollSet::begin(Member& member) {
  member_ = &member;
  kept_ = 0;
}

void PollSet::add_to_member(host::SourceId id) {
  uint32_t* link = &member_->first;
  for (uint32_t i = 0; i < kept_; ++i) link = &next_[*link];
  if (*link != none && handles_[*link] == id) {
    ++kept_;
    return;
  }
  end_at_kept();
  if (next_ == nullptr) next_ = static_cast<uint32_t*>(malloc(capacity_ * sizeof *next_));
  if (next_ == nullptr || !has_room_for(id) || !append(id, reinterpret_cast<uintptr_t>(member_))) {
    out_of_memory_ = true;
    return;
  }
  count_id(id, 1);
  const auto place = static_cast<uint32_t>(count_ - 1);
  next_[place] = none;
  *link_to(*member_, none) = place;
  ++kept_;
}

// Takes out what the member has beyond those that are right.
void PollSet::end_at_kept() {
  for (;;) {
    const uint32_t* link = &member_->first;
    for (uint32_t i = 0; i < kept_; ++i) link = &next_[*link];
    if (*link == none) return;
    take_out(*member_, *link);
  }
}

bool PollSet::end() {
  end_at_kept();
  member_ = nullptr;
  return !out_of_memory_;
}

void PollSet::remove(Member& member) {
  while (member.first != none) take_out(member, member.first);
}

bool PollSet::has_room_for(host::SourceId id) {
  const auto index = static_cast<size_t>(id);
  if (index < id_limit_) return true;
  size_t larger = id_limit_ == 0 ? 64 : id_limit_;
  while (larger <= index) larger *= 2;
  auto* counts = static_cast<uint8_t*>(resize(id_counts_, id_limit_, larger));
  if (counts == nullptr) return false;
  memset(counts + id_limit_, 0, larger - id_limit_);
  id_counts_ = counts;
  id_limit_ = larger;
  return true;
}

// An id that was counted 255 times stays counted, which only costs a search.
void PollSet::count_id(host::SourceId id, int by) {
  uint8_t& count = id_counts_[static_cast<size_t>(id)];
  if (count != UINT8_MAX) count = static_cast<uint8_t>(count + by);
}

void PollSet::forget_in_members(host::SourceId id) {
  for (size_t place = count_; place-- > 0 && tags_[place] == own_tag;) {
    if (handles_[place] != id) continue;
    move(static_cast<uint32_t>(--count_), static_cast<uint32_t>(place));
    lost_some_ = true;
  }
  const auto index = static_cast<size_t>(id);
  if (index >= id_limit_ || id_counts_[index] == 0) return;
  for (uint32_t place = 0; place < count_ && tags_[place] != own_tag;) {
    if (handles_[place] != id) {
      ++place;
      continue;
    }
    auto& member = *reinterpret_cast<Member*>(tags_[place]);
    if (&member == member_ && is_kept(place)) --kept_;
    take_out(member, place);
    lost_some_ = true;
    lost_(member);
  }
}

bool PollSet::is_kept(uint32_t place) const {
  uint32_t at = member_->first;
  for (uint32_t i = 0; i < kept_; ++i, at = next_[at])
    if (at == place) return true;
  return false;
}

}  // namespace posix_sockets
