// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What an epoll descriptor stands for: a list of interests in other descriptions.
//
// Level-triggered interests are looked at like poll's entries. An edge-triggered one is told again only after the
// description's edge counter has moved: it counts arrivals, ends, errors, completed connects, and room after there was none.
#pragma once

#include <sys/epoll.h>

#include "kinds/description.h"

namespace posix_sockets {

class EpollSet final : public Description {
 public:
  ~EpollSet();
  // Enters the set in the list of all sets, which release() leaves. Call once after creation.
  void enlist();

  void release() override;
  EpollSet* epoll_set() override { return this; }
  Events ready(Events wanted, bool probe) override;
  void subscribe(Events wanted, PollSet& set, uint32_t tag) override;
  Errno stat(struct stat& out) override;

  // The operations of epoll_ctl. EEXIST, ENOENT, ENOMEM; ELOOP: sets that watch each other, or too many levels of them.
  Errno add(int number, Description* description, const epoll_event& event);
  Errno modify(int number, Description* description, const epoll_event& event);
  Errno remove(int number, Description* description);

  // Whether an event holds as far as the guest knows.
  bool has_known() { return ready(events::readable, false) != 0; }
  // Writes at most `most` events that hold, one an interest, and notes that they were told. The host is asked about
  // suspected interests only.
  int collect(epoll_event* out, int most);
  // Adds the pollables of what the guest doesn't know; the tag says which interest it was.
  void subscribe_each(PollSet& set);
  // The pollable of the interest with this tag is ready.
  void suspect(uint32_t tag) { interests_[tag].suspected = true; }

  // The last descriptor of `description` was closed: no set knows it any more.
  static void forget(Description* description);

 private:
  struct Interest {
    Description* description;  // null: free
    int number;
    uint32_t events;  // EPOLL*, with the flags
    epoll_data_t data;
    uint32_t told_edge;  // the description's counter when this was last told
    bool told;           // since it was added or changed
    bool disabled;       // by EPOLLONESHOT
    bool suspected;
  };

  Interest* find(int number, const Description* description);
  Events holds(const Interest& interest, bool probe) const;
  int depth() const;
  bool reaches(const EpollSet* other) const;

  Interest* interests_ = nullptr;
  int capacity_ = 0;
  int used_ = 0;   // interests from here on are free
  int start_ = 0;  // where collect() begins, so that a busy interest doesn't starve the rest
  EpollSet* next_ = nullptr;
};

}  // namespace posix_sockets
