// mmap, munmap and msync, over malloc: what was mapped can be unmapped in parts, which wasi-libc's emulation can't. A mapping of a
// file is a copy, made when it's mapped.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fail.h"

using posix_sockets::compat::fail;

namespace {

constexpr size_t page = 4096;

struct Mapping {
  Mapping* next;
  char* base;
  size_t pages;
  size_t left;  // pages that weren't unmapped
  bool is_to_be_written;
  bool* mapped;  // each of them
};
Mapping* mappings;

void* refuse(int error) {
  errno = error;
  return MAP_FAILED;
}

// 0, or EBADF, EACCES not open for reading, or for writing what is to be written, ENODEV no file.
int check_file(int number, bool is_to_be_written) {
  const int flags = fcntl(number, F_GETFL);
  if (flags < 0) return EBADF;
  const int mode = flags & O_ACCMODE;
  if (mode == O_WRONLY || (is_to_be_written && mode != O_RDWR)) return EACCES;
  struct stat status;
  if (fstat(number, &status) != 0) return errno;
  return S_ISREG(status.st_mode) ? 0 : ENODEV;
}

// What is behind the file's end stays 0.
bool fill(char* to, size_t length, int number, off_t offset) {
  for (size_t done = 0; done < length;) {
    const ssize_t got = pread(number, to + done, length - done, offset + static_cast<off_t>(done));
    if (got < 0) return false;
    if (got == 0) break;
    done += static_cast<size_t>(got);
  }
  return true;
}

Mapping* make(size_t length) {
  constexpr size_t largest_page = 65536;  // sysconf(_SC_PAGESIZE)
  const size_t pages = length / page + (length % page != 0 ? 1 : 0);
  if (pages > SIZE_MAX / 2 / page) return nullptr;
  auto* made = static_cast<Mapping*>(malloc(sizeof(Mapping) + pages));
  if (made == nullptr) return nullptr;
  auto* base = static_cast<char*>(aligned_alloc(length < largest_page ? page : largest_page, pages * page));
  if (base == nullptr) {
    free(made);
    return nullptr;
  }
  memset(base, 0, pages * page);
  *made = {nullptr, base, pages, pages, false, reinterpret_cast<bool*>(made + 1)};
  memset(made->mapped, true, pages);
  return made;
}

void drop(Mapping* mapping) {
  free(mapping->base);
  free(mapping);
}

// Calls `visit(mapping, index)` for each page in the range that is mapped. How many there were.
template <class Visit>
size_t each_page(uintptr_t begin, size_t pages, Visit visit) {
  size_t found = 0;
  for (Mapping* mapping = mappings; mapping != nullptr; mapping = mapping->next) {
    const auto base = reinterpret_cast<uintptr_t>(mapping->base);
    if (base >= begin + pages * page || base + mapping->pages * page <= begin) continue;
    size_t index = begin > base ? (begin - base) / page : 0;
    for (; index < mapping->pages && base + index * page < begin + pages * page; ++index) {
      if (!mapping->mapped[index]) continue;
      visit(*mapping, index);
      ++found;
    }
  }
  return found;
}

size_t pages_of(size_t length) { return length / page + (length % page != 0 ? 1 : 0); }

// Whether the range is one of whole pages of the memory's.
bool is_range(uintptr_t begin, size_t length) {
  return begin % page == 0 &&
         static_cast<uint64_t>(begin) + static_cast<uint64_t>(pages_of(length)) * page <= UINT32_MAX;
}

}  // namespace

extern "C" {

// mmap(2). Memory of whole pages of 4096 bytes, filled from the file, if there is one. Result: its address; MAP_FAILED with errno
// EINVAL no length, neither MAP_SHARED nor MAP_PRIVATE, a place of its own, or not at a page's start in the file; EBADF; EACCES;
// ENODEV no file; ENOTSUP PROT_EXEC; ENOMEM; and those of pread(2).
void* mmap(void*, size_t length, int protection, int flags, int number, off_t offset) {
  const int kind = flags & MAP_TYPE;
  if (kind != MAP_SHARED && kind != MAP_PRIVATE && kind != MAP_SHARED_VALIDATE) return refuse(EINVAL);
  if (length == 0 || (flags & MAP_FIXED) != 0 || offset < 0 || offset % static_cast<off_t>(page) != 0)
    return refuse(EINVAL);
  const bool is_file = (flags & MAP_ANON) == 0;
  const bool is_to_be_written = is_file && kind != MAP_PRIVATE && (protection & PROT_WRITE) != 0;
  const int error = is_file ? check_file(number, is_to_be_written) : 0;
  if (error != 0) return refuse(error);
  if ((protection & PROT_EXEC) != 0) return refuse(ENOTSUP);
  Mapping* made = make(length);
  if (made == nullptr) return refuse(ENOMEM);
  if (is_file && !fill(made->base, length, number, offset)) {
    drop(made);
    return MAP_FAILED;
  }
  made->is_to_be_written = is_to_be_written;
  made->next = mappings;
  mappings = made;
  return made->base;
}

// munmap(2). The memory goes back once the last page of what one mmap() gave is unmapped. EINVAL: no length, or not at a page's start.
int munmap(void* address, size_t length) {
  const auto begin = reinterpret_cast<uintptr_t>(address);
  if (length == 0 || !is_range(begin, length)) return fail(EINVAL);
  each_page(begin, pages_of(length), [](Mapping& mapping, size_t index) {
    mapping.mapped[index] = false;
    --mapping.left;
  });
  for (Mapping** link = &mappings; *link != nullptr;) {
    Mapping* mapping = *link;
    if (mapping->left != 0) {
      link = &mapping->next;
      continue;
    }
    *link = mapping->next;
    drop(mapping);
  }
  return 0;
}

// msync(2). EINVAL: other flags, MS_ASYNC with MS_SYNC, or not at a page's start. ENOMEM: not all of it is mapped. ENOSYS: a file's
// mapping that is shared and can be written, as nothing writes it back.
int msync(void* address, size_t length, int flags) {
  const auto begin = reinterpret_cast<uintptr_t>(address);
  const bool known = (flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC)) == 0;
  const bool both = (flags & MS_ASYNC) != 0 && (flags & MS_SYNC) != 0;
  if (!known || both || begin % page != 0) return fail(EINVAL);
  if (!is_range(begin, length)) return fail(ENOMEM);
  bool lost = false;
  const size_t found = each_page(begin, pages_of(length),
                                 [&](const Mapping& mapping, size_t) { lost = lost || mapping.is_to_be_written; });
  if (found != pages_of(length)) return fail(ENOMEM);
  return lost ? fail(ENOSYS) : 0;
}

}  // extern "C"
