// getrandom, over the host's random source.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <stdint.h>
#include <sys/random.h>
#include <unistd.h>

#include "fail.h"
#include "support/pointer.h"

extern "C" {

// EINVAL: unknown flags. EFAULT. The host's source never blocks, so all of `size` is filled.
ssize_t getrandom(void* buffer, size_t size, unsigned flags) {
  constexpr unsigned known = GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE;
  if ((flags & ~known) != 0) return posix_sockets::compat::fail(EINVAL);
  if (!posix_sockets::accessible(buffer, size)) return posix_sockets::compat::fail(EFAULT);
  constexpr size_t largest = 256;
  for (size_t done = 0; done < size;) {
    const size_t part = size - done < largest ? size - done : largest;
    if (getentropy(static_cast<uint8_t*>(buffer) + done, part) < 0) return -1;
    done += part;
  }
  return static_cast<ssize_t>(size);
}

}  // extern "C"
