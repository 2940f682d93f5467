// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Walking a set in time that grows with its members: wasi-libc's fd_set is an array of descriptors, not a bitmap, and its
// FD_ISSET searches it.
#pragma once

#include <sys/select.h>

#include "support/pointer.h"

namespace posix_sockets {

#if defined(__wasm__)
inline size_t member_count(const fd_set& set) { return set.__nfds < FD_SETSIZE ? set.__nfds : FD_SETSIZE; }
#endif

// Whether the set is memory of ours: all that there is of it, as programs allocate sets that are smaller than an fd_set.
inline bool accessible_set(const fd_set* set) {
#if defined(__wasm__)
  return accessible(&set->__nfds) && accessible(set->__fds, member_count(*set) * sizeof set->__fds[0]);
#else
  return accessible(set);
#endif
}

template <class Use>
void for_each_member(const fd_set& set, int limit, Use use) {
#if defined(__wasm__)
  const size_t count = member_count(set);
  for (size_t i = 0; i < count; ++i)
    if (set.__fds[i] >= 0 && set.__fds[i] < limit) use(set.__fds[i]);
#else
  for (int number = 0; number < limit; ++number)
    if (FD_ISSET(number, &set)) use(number);
#endif
}

inline void remove_members(fd_set& set, int limit) {
#if defined(__wasm__)
  const size_t count = member_count(set);
  set.__nfds = 0;
  for (size_t i = 0; i < count; ++i)
    if (set.__fds[i] >= limit) set.__fds[set.__nfds++] = set.__fds[i];
#else
  for (int number = 0; number < limit && number < FD_SETSIZE; ++number) FD_CLR(number, &set);
#endif
}

// `number` isn't in the set yet.
inline void add_member(fd_set& set, int number) {
#if defined(__wasm__)
  if (set.__nfds < FD_SETSIZE) set.__fds[set.__nfds++] = number;
#else
  FD_SET(number, &set);
#endif
}

}  // namespace posix_sockets
