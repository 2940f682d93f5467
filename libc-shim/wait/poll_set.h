// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The one place that waits. Whoever blocks collects pollables in a PollSet and waits on it until an absolute deadline.
#pragma once

#include <stdint.h>

#include "support/deadline.h"
#include "support/result.h"
#include "wait/alarm.h"
#include "wit-bindings/host.h"

namespace posix_sockets {

inline uint32_t wait_count;  // waits so far that let time pass
// Such a wait begins.
void time_passes();

// Sources of readiness to wait for. Room for a few is inside, for more it's allocated.
//
// A set is of one of two kinds. One that is made for a wait has sources with a tag each, the caller's, and ends with it. A standing set
// has members: a member's sources stay in it for as long as they are the same, and are told apart by it.
//
// A source may go before a wait for it is over: while others are gathered (a timer expires, a connect turns out to be through), or by
// what runs before a wait. The set hears of it, from the first add() to the end of wait() or, a standing one, always. It forgets the
// source, and doesn't sleep then: it says success, perhaps with none ready, and the caller gathers again what is there now.
class PollSet {
 public:
  // Whose sources they are, of a standing set.
  struct Member {
    uint32_t first = UINT32_MAX;  // its first source in the set
    bool has_sources() const { return first != UINT32_MAX; }
  };
  // Hears of a member that lost a source: it must be gathered anew.
  using Lost = void (*)(Member& member);

  // The tag of what is added before a wait: when one is ready, that runs again and the wait goes on.
  static constexpr uint32_t own_tag = UINT32_MAX;

  PollSet() = default;
  explicit PollSet(Lost lost);  // a standing set
  ~PollSet();
  PollSet(const PollSet&) = delete;
  PollSet& operator=(const PollSet&) = delete;

  void clear();
  bool empty() const { return count_ == 0; }

  // Adds a source; to a standing set, for the member whose sources are being gathered. Errors are kept and reported by wait().
  void add(const host::Source& source, uint32_t tag = 0) {
    if (member_ != nullptr) return add_standing(*this, source.id());
    if (count_ == 0) listen();
    append(source.id(), tag);
  }

  // Gathers the sources of a member: those that are added before end() and no others, whatever it had. What it has already costs
  // nothing. False: no memory.
  void begin(Member& member);
  bool end();
  // Takes all its sources out.
  void remove(Member& member);
  // The owner begins to gather anew, and hears of what goes from now on.
  void begin_round() { out_of_memory_ = lost_some_ = false; }

  // Waits until a source is ready. An immediate deadline looks once without waiting; an empty set waits for the deadline.
  // ETIMEDOUT: none is ready by the deadline. EINTR: the alarm's handler ran, if it may ring; the handler may have closed anything,
  // the owner of this very set included, so that nothing of either may be touched any more. ENOMEM: no memory for the set. Success
  // with none ready: a blocked signal came, which something in the guest may wait for, or a source went.
  //
  // A host notices what other processes did only while the guest sleeps, if both share a busy machine. So a program that looks
  // again and again without waiting, and finds nothing, sleeps for the shortest time there is now and then.
  Errno wait(Deadline deadline, bool may_ring = true) { return wait(deadline, may_ring, may_ring); }
  // Looks once, as something is known already that the program can do.
  Errno look() { return wait(Deadline{Deadline::immediately}, true, false); }

  // For settle() alone: nothing is done before this wait, and nothing rings. Whether a source is ready by then.
  bool settle(Deadline deadline);

  // Whoever waits for several descriptors sets this to complete(), so that what a host tells in part is completed.
  static inline size_t (*see_all)(host::SourceId* sources, size_t count, uint32_t* ready, size_t told, bool slept);
  static size_t complete(host::SourceId* sources, size_t count, uint32_t* ready, size_t told, bool slept);

  const host::SourceId* pollables() const { return handles_; }
  size_t size() const { return count_; }
  // As if a wait had told of the one at `index` alone.
  void tell(size_t index) {
    ready_[0] = static_cast<uint32_t>(index);
    ready_count_ = 1;
  }
  void tell_nothing() { ready_count_ = 0; }
  // After a wait: where the first of the ready ones is; size() if none is.
  size_t first_ready() const { return ready_count_ != 0 ? ready_[0] : count_; }

  // After a successful wait, and until sources are added or go: the tags of the ready ones, or their members.
  size_t ready_count() const { return ready_count_; }
  uint32_t ready_tag(size_t index) const { return static_cast<uint32_t>(tags_[ready_[index]]); }
  Member& ready_member(size_t index) const { return *reinterpret_cast<Member*>(tags_[ready_[index]]); }

 private:
  static constexpr size_t inline_capacity = 8;
  static constexpr uint32_t none = UINT32_MAX;

  bool grow();
  bool take_block(uintptr_t* tags, size_t capacity);
  bool append(host::SourceId id, uintptr_t tag);
  void add_to_member(host::SourceId id);
  Errno wait(Deadline deadline, bool may_ring, bool may_sleep);
  void prepare();
  void end_round();
  bool wait_or_look(Deadline until, bool is_look, bool may_sleep);
  bool wait_once(Deadline deadline);
  void look_once();
  void sleep_once(Deadline deadline);

  // Of standing sets: where a member's chain has `place`, or its end.
  uint32_t* link_to(Member& member, uint32_t place);
  void take_out(Member& member, uint32_t place);
  void end_at_kept();
  bool is_kept(uint32_t place) const;
  bool has_room_for(host::SourceId id);
  void move(uint32_t from, uint32_t to) {
    handles_[to] = handles_[from];
    tags_[to] = tags_[from];
  }
  void count_id(host::SourceId id, int by);
  void forget_in_members(host::SourceId id);
  void forget_here(host::SourceId id);

  // Between these two a set that is made for a wait hears of sources that go.
  void listen();
  void stop_listening();
  static void hear_or_not();
  static void forget(host::SourceId dropped);
  // Rings the alarm, if its time has come.
  static Interruption ring();

  static inline PollSet* listeners;
  static inline PollSet* standing_sets;
  // What only standing sets do, set by the first of them.
  static inline void (*forget_standing)(host::SourceId dropped);
  static inline void (*add_standing)(PollSet& set, host::SourceId id);

  host::SourceId inline_handles_[inline_capacity];
  uintptr_t inline_tags_[inline_capacity];
  uint32_t inline_ready_[inline_capacity];
  host::SourceId* handles_ = inline_handles_;
  uintptr_t* tags_ = inline_tags_;  // or Member *
  uint32_t* ready_ = inline_ready_;
  size_t capacity_ = inline_capacity;
  size_t count_ = 0;
  size_t ready_count_ = 0;
  bool out_of_memory_ = false;
  bool lost_some_ = false;            // which went
  PollSet* next_listener_ = nullptr;  // or the next standing set
  // Of a standing set:
  Lost lost_ = nullptr;           // null: it isn't one
  uint32_t* next_ = nullptr;      // of the same member, by place
  uint8_t* id_counts_ = nullptr;  // how often an id is in the set, at most 255
  size_t id_limit_ = 0;
  Member* member_ = nullptr;  // whose sources are being gathered
  uint32_t kept_ = 0;         // so many of them are right
};

// Waits for one pollable. ETIMEDOUT: not ready by the deadline.
Errno wait_for(const host::Source& source, Deadline deadline);

// Whether "not now" from the host may only mean that its cooperative budget is used up, or that it had no chance to do its own
// work; then it has had that when this returns, and asking again tells the truth. Mostly false, without a host call.
// `needs_budget`: the operation is one that takes from the budget, as accepting does and reading doesn't.
bool gave_host_a_turn(bool needs_budget);

// What is done before every wait of the program, and every look: what is held back leaves then.
//
// The contract: run() does what the host lets it do at once. It doesn't wait, but may settle; it closes nothing, and runs nothing of the
// program. For what is left it adds sources to the set, with PollSet::own_tag: when one of them is ready it runs again, and the wait
// goes on. Settling doesn't run it.
class BeforeWait {
 public:
  using Run = void (*)(PollSet& set);
  explicit constexpr BeforeWait(Run what) : run(what) {}
  // From now on, until it leaves. Once is enough.
  void enlist();
  void leave();

 private:
  friend class PollSet;
  Run run;
  BeforeWait* next_ = nullptr;
};

}  // namespace posix_sockets
