// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "kinds/local_rights.h"

#include <stdlib.h>

#include "kinds/local_socket.h"

namespace posix_sockets {

LocalRights* LocalRights::create() {
  auto* rights = static_cast<LocalRights*>(malloc(sizeof(LocalRights)));
  if (rights != nullptr) rights->count = 0;
  RightsOwner::give_back = [](LocalRights* given) { given->release(); };
  LocalSocket::watch_rights();
  return rights;
}

LocalRights* LocalRights::copy() const {
  LocalRights* result = create();
  if (result == nullptr) return nullptr;
  for (int i = 0; i < count; ++i) result->add(descriptions[i]);
  return result;
}

void LocalRights::add(Description* description) {
  ++description->references;
  descriptions[count++] = description;
  counts_in_flight(*description, 1);
}

// A socket that goes may have others in its queue, and so on: one after the other, and not one within the other.
void LocalRights::release() {
  static LocalRights* pending;
  static bool busy;
  next = pending;
  pending = this;
  if (busy) return;
  busy = true;
  while (pending != nullptr) {
    LocalRights* rights = pending;
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
