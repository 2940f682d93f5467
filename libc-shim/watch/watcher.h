// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What epoll sets and event queues have in common: they refer to descriptions without holding them, and so hear of every
// descriptor that is closed.
#pragma once

#include "description/description.h"

namespace posix_sockets {

class Watcher : public Description {
 public:
  static constexpr Kinds kinds = posix_sockets::kinds::watchers;

  // Enters the list of all watchers. Call once, after creation.
  void enlist();

  Result<size_t> receive(ReceiveRequest&) override { return Errno(EINVAL); }
  Result<size_t> send(SendRequest&) override { return Errno(EINVAL); }
  Errno stat(struct stat& out) final;

  // Whether it is, or watches, by any number of watchers in between, `other`.
  virtual bool reaches(const Description* other) const = 0;

  static Watcher* first() { return all; }
  Watcher* next() const { return next_; }

 protected:
  using Description::Description;
  ~Watcher() = default;
  void leave_list();

  // Descriptor `number` of a description was closed, or -1: another kind of reference. Without any references left the
  // description must be forgotten.
  virtual void forget(Description* description, int number) = 0;

 private:
  static void tell_all(Description* description, int number);

  static inline Watcher* all;
  Watcher* next_ = nullptr;
};

}  // namespace posix_sockets
