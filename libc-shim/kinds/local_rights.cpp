// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "kinds/local_rights.h"

#include <stdlib.h>

namespace posix_sockets {

LocalRights* LocalRights::create() {
  auto* rights = static_cast<LocalRights*>(malloc(sizeof(LocalRights)));
  if (rights != nullptr) rights->count = 0;
  RightsOwner::give_back = [](LocalRights* given) { given->release(); };
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
}

void LocalRights::release() {
  for (int i = 0; i < count; ++i) descriptions[i]->drop();
  free(this);
}

}  // namespace posix_sockets
