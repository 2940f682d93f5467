// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a host tells of several sources may be only part of what is ready. Programs that wait for one at a time don't link this.
#include "wait/poll_set.h"

namespace posix_sockets {

size_t PollSet::complete(host::SourceId* sources, size_t count, uint32_t* ready, size_t told, bool slept) {
  return slept ? host::complete(sources, count, ready, told) : host::look_at_all(sources, count, ready);
}

}  // namespace posix_sockets
