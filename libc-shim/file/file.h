// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A file that libc has open. libc does the work; the description only carries its number, so that descriptors can be
// duplicated and numbered freely.
#pragma once

#include "description/description.h"

namespace posix_sockets {

class File final : public Description {
 public:
  static constexpr Kinds kinds = Kind::file;

  // `keep`: libc needs it open even when the program has closed it (a preopened directory, which paths are looked up in).
  File(int libc_descriptor, bool keep) : Description(Kind::file), libc_descriptor_(libc_descriptor), keep_(keep) {
    is_libcs = true;
  }

  void release() override;
  int libc_descriptor() const { return libc_descriptor_; }

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

// The number under which libc knows a description; -1 if it isn't libc's.
inline int libc_descriptor_of(const Description& description) {
  if (const File* file = as<File>(&description)) return file->libc_descriptor();
  return description.is(Kind::standard_input) ? 0 : -1;
}

// What `description` stands for now.
inline Description* successor_of(Description* description) {
  const File* file = as<File>(description);
  Description* successor = file != nullptr ? file->successor() : nullptr;
  return successor != nullptr ? successor : description;
}

}  // namespace posix_sockets
