// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "unix/rights.h"

#include <stdlib.h>

#include "unix/socket.h"

namespace posix_sockets {

UnixRights* UnixRights::create() {
  auto* rights = static_cast<UnixRights*>(malloc(sizeof(UnixRights)));
  if (rights != nullptr) rights->count = 0;
  RightsOwner::give_back = [](UnixRights* given) { given->release(); };
  UnixSocket::watch_rights();
  return rights;
}

UnixRights* UnixRights::copy() const {
  UnixRights* result = create();
  if (result == nullptr) return nullptr;
  for (int i = 0; i < count; ++i) result->add(descriptions[i]);
  return result;
}

void UnixRights::add(Description* description) {
  ++description->references;
  descriptions[count++] = description;
  counts_in_flight(*description, 1);
}

// A socket that goes may have others in its queue, and so on: one after the other, and not one within the other.
void UnixRights::release() {
  static UnixRights* pending;
  static bool busy;
  next = pending;
  pending = this;
  if (busy) return;
  busy = true;
  while (pending != nullptr) {
    UnixRights* rights = pending;
    pending = rights->next;
    for (int i = 0; i < rights->count; ++i) {
      counts_in_flight(*rights->descriptions[i], -1);
      rights->descriptions[i]->drop();
    }
    free(rights);
  }
  busy = false;
}

}  // namespace posix_sockets
