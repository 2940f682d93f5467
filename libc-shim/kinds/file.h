// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A file that libc has open. libc does the work; the description only carries its number, so that descriptors can be
// duplicated and numbered freely.
#pragma once

#include "kinds/description.h"

namespace posix_sockets {

class File final : public Description {
 public:
  // `keep`: libc needs it open even when the program has closed it (a preopened directory, which paths are looked up in).
  File(int libc_descriptor, bool keep) : libc_descriptor_(libc_descriptor), keep_(keep) { is_libcs = true; }

  void release() override;
  int libc_descriptor() const override { return libc_descriptor_; }
  bool is_plain_file() const override { return true; }

 private:
  int libc_descriptor_;
  bool keep_;
};

}  // namespace posix_sockets
