// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "file/file.h"

#include "file/libc.h"
#include "support/memory.h"

namespace posix_sockets {

void File::release() {
  if (successor_ != nullptr)
    successor_->drop();
  else if (!keep_)
    libc::close(libc_descriptor_);
  destroy(this);
}

}  // namespace posix_sockets
