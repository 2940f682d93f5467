// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "api/linger.h"

#include "description/verbs.h"
#include "fd/table.h"

namespace posix_sockets {

void linger_before_close(int number) {
  Description* description = fd::find(number);
  if (description == nullptr || description->references != 1) return;
  TcpSocket* socket = verbs::as_tcp(*description);
  if (socket == nullptr || !socket->options.linger) return;
  const fd::Held held(description, number);
  const Deadline deadline = socket->linger_deadline();
  for (PollSet set; socket->linger_step(set); set.clear())
    if (!set.wait(deadline).ok() || held.ours == nullptr) return;  // a handler may have closed it
}

}  // namespace posix_sockets
