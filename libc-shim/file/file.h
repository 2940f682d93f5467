// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A file that libc has open. libc does the work; the description only carries its number, so that descriptors can be
// duplicated and numbered freely.
#pragma once

#include "description/description.h"

namespace posix_sockets {

class File final : public Description {
 public:
  // `keep`: libc needs it open even when the program has closed it (a preopened directory, which paths are looked up in).
  File(int libc_descriptor, bool keep) : libc_descriptor_(libc_descriptor), keep_(keep) { is_libcs = true; }

  void release() override;
  int libc_descriptor() const override { return libc_descriptor_; }
  bool is_plain_file() const override { return true; }

  // libc has closed it by itself: the number may be another file's soon.
  void closed_by_libc() {
    libc_descriptor_ = -1;
    keep_ = true;
  }
  // Another description has taken its place, with one reference for this one's sake. Descriptors on their way in messages
  // still hold this one.
  void give_place_to(Description* successor) { successor_ = successor; }
  Description* successor() const { return successor_; }

 private:
  int libc_descriptor_;
  bool keep_;
  Description* successor_ = nullptr;
};

// What `description` stands for now.
inline Description* successor_of(Description* description) {
  Description* successor = description->is_plain_file() ? static_cast<File*>(description)->successor() : nullptr;
  return successor != nullptr ? successor : description;
}

}  // namespace posix_sockets
