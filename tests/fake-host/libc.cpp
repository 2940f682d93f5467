// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "libc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <time.h>

#include <cstring>

#include "fd/table.h"

namespace fake {

namespace {

void open_first_files(Libc& libc) {
  for (int number = 0; number < 4; ++number) libc.open[number].content = std::make_shared<std::string>();
  libc.open[3].directory = true;
}

}  // namespace

Libc& libc() {
  static auto* only = [] {
    auto* made = new Libc;
    open_first_files(*made);
    return made;
  }();
  return *only;
}

void reset_libc() {
  libc() = Libc();
  open_first_files(libc());
  constexpr int none = 1 << 20;  // without a table each of libc's numbers is the program's
  if (posix_sockets::fd::number_of_libc(none) == none) return;
  for (int number = 0; number < 4; ++number)
    if (posix_sockets::fd::find(number) == nullptr) (void)posix_sockets::fd::adopt(number);
}

namespace {

Libc::File* find(int number) {
  auto found = libc().open.find(number);
  if (found != libc().open.end()) return &found->second;
  errno = EBADF;
  return nullptr;
}

int add(Libc::File file) {
  int number = 0;
  while (libc().open.count(number) != 0) ++number;
  if (number >= libc().limit) {
    errno = EMFILE;
    return -1;
  }
  libc().open[number] = std::move(file);
  return number;
}

int just_check(int number) { return find(number) != nullptr ? 0 : -1; }

ssize_t read_at(const Libc::File& file, void* buffer, size_t size, size_t offset) {
  if (offset >= file.content->size()) return 0;
  return static_cast<ssize_t>(file.content->copy(static_cast<char*>(buffer), size, offset));
}

ssize_t write_at(const Libc::File& file, const void* buffer, size_t size, size_t offset) {
  if (file.content->size() < offset + size) file.content->resize(offset + size);
  if (size != 0) std::memcpy(file.content->data() + offset, buffer, size);
  return static_cast<ssize_t>(size);
}

struct Directory {
  int number;
};

}  // namespace
}  // namespace fake

using namespace fake;

extern "C" {

// Entry points of the library that libc's functions come back to.
ssize_t __wrap_read(int, void*, size_t);
ssize_t __wrap_write(int, const void*, size_t);
int __wrap_close(int);
int __wrap___wasilibc_nocwd_openat_nomode(int, const char*, int);

[[noreturn]] void __real__Exit(int status) { throw Exited{status}; }
void __real___wasm_call_dtors() {}
int __real___main_void() { return 0; }
int __real_clock_nanosleep(clockid_t, int, const timespec* duration, timespec*) {
  pass_time(static_cast<uint64_t>(duration->tv_sec) * 1000000000 + static_cast<uint64_t>(duration->tv_nsec));
  return 0;
}
char* fake_getenv(const char* name) {
  auto found = libc().environment.find(name);
  return found == libc().environment.end() ? nullptr : found->second.data();
}

int __real___wasilibc_nocwd_openat_nomode(int directory, const char* path, int flags) {
  const Libc::File* parent = find(directory);
  if (parent == nullptr) return -1;
  if (!parent->directory) return errno = ENOTDIR, -1;
  if (std::string(path).ends_with("/")) {
    Libc::File opened;
    opened.content = std::make_shared<std::string>();
    opened.directory = true;
    return add(opened);
  }
  auto found = libc().files.find(path);
  if (found == libc().files.end()) {
    if ((flags & O_CREAT) == 0) return errno = ENOENT, -1;
    found = libc().files.emplace(path, std::make_shared<std::string>()).first;
  }
  if ((flags & O_TRUNC) != 0) found->second->clear();
  return add({found->second, 0, flags, false});
}
int __real_openat(int directory, const char* path, int flags, ...) {
  return __wrap___wasilibc_nocwd_openat_nomode(directory == AT_FDCWD ? 3 : directory, path, flags);
}
int fake_open(const char* path, int flags, ...) { return __real_openat(AT_FDCWD, path, flags); }
int __real_open(const char* path, int flags, ...) { return __real_openat(AT_FDCWD, path, flags); }

int __real_close(int number) {
  if (find(number) == nullptr) return -1;
  libc().open.erase(number);
  return 0;
}

ssize_t __real_read(int number, void* buffer, size_t size) {
  Libc::File* file = find(number);
  if (file == nullptr) return -1;
  const ssize_t done = read_at(*file, buffer, size, file->offset);
  file->offset += static_cast<size_t>(done);
  return done;
}
ssize_t __real_write(int number, const void* buffer, size_t size) {
  Libc::File* file = find(number);
  if (file == nullptr) return -1;
  file->offset += static_cast<size_t>(write_at(*file, buffer, size, file->offset));
  return static_cast<ssize_t>(size);
}
ssize_t __real_readv(int number, const iovec* vector, int count) {
  if (count <= 0) return errno = EINVAL, -1;
  return __wrap_read(number, vector[0].iov_base, vector[0].iov_len);
}
ssize_t __real_writev(int number, const iovec* vector, int count) {
  if (count <= 0) return errno = EINVAL, -1;
  ssize_t done = 0;
  for (int i = 0; i < count; ++i) {
    const ssize_t written = __wrap_write(number, vector[i].iov_base, vector[i].iov_len);
    if (written < 0) return -1;
    done += written;
  }
  return done;
}
ssize_t __real_pread(int number, void* buffer, size_t size, off_t offset) {
  Libc::File* file = find(number);
  return file == nullptr ? -1 : read_at(*file, buffer, size, static_cast<size_t>(offset));
}
ssize_t __real_pwrite(int number, const void* buffer, size_t size, off_t offset) {
  Libc::File* file = find(number);
  return file == nullptr ? -1 : write_at(*file, buffer, size, static_cast<size_t>(offset));
}
ssize_t __real_preadv(int number, const iovec* vector, int, off_t offset) {
  return __real_pread(number, vector[0].iov_base, vector[0].iov_len, offset);
}
ssize_t __real_pwritev(int number, const iovec* vector, int, off_t offset) {
  return __real_pwrite(number, vector[0].iov_base, vector[0].iov_len, offset);
}
off_t __real_lseek(int number, off_t offset, int whence) {
  Libc::File* file = find(number);
  if (file == nullptr) return -1;
  if (whence == SEEK_CUR) offset += static_cast<off_t>(file->offset);
  if (whence == SEEK_END) offset += static_cast<off_t>(file->content->size());
  if (offset < 0) return errno = EINVAL, -1;
  file->offset = static_cast<size_t>(offset);
  return offset;
}
off_t __real___lseek(int number, off_t offset, int whence) { return __real_lseek(number, offset, whence); }
off_t __real___wasilibc_tell(int number) { return __real_lseek(number, 0, SEEK_CUR); }

int __real_fcntl(int number, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  const long argument = va_arg(arguments, long);
  va_end(arguments);
  Libc::File* file = find(number);
  if (file == nullptr) return -1;
  if (command == F_GETFL) return file->flags;
  if (command == F_SETFL) return file->flags = static_cast<int>(argument) & (O_NONBLOCK | O_APPEND), 0;
  return errno = EINVAL, -1;
}
int __real_ioctl(int number, int, ...) { return find(number) == nullptr ? -1 : (errno = ENOTTY, -1); }
int __real_isatty(int number) { return find(number) == nullptr ? 0 : (errno = ENOTTY, 0); }
int __real_fstat(int number, struct stat* status) {
  const Libc::File* file = find(number);
  if (file == nullptr) return -1;
  *status = {};
  status->st_mode = file->directory ? S_IFDIR : S_IFREG;
  status->st_size = static_cast<off_t>(file->content->size());
  status->st_ino = reinterpret_cast<ino_t>(file->content.get());
  return 0;
}
int __real_fstatvfs(int number, struct statvfs*) { return just_check(number); }
int __real_ftruncate(int number, off_t length) {
  Libc::File* file = find(number);
  if (file == nullptr) return -1;
  file->content->resize(static_cast<size_t>(length));
  return 0;
}
int __real_fsync(int number) { return just_check(number); }
int __real_fdatasync(int number) { return just_check(number); }
int __real_fchmod(int number, mode_t) { return just_check(number); }
int __real_futimens(int number, const timespec*) { return just_check(number); }
int __real_posix_fadvise(int number, off_t, off_t, int) { return just_check(number) == 0 ? 0 : EBADF; }
int __real_posix_fallocate(int number, off_t, off_t) { return just_check(number) == 0 ? 0 : EBADF; }

int __real___wasilibc_fd_renumber(int from, int to) {
  Libc::File* file = find(from);
  if (file == nullptr) return -1;
  libc().open[to] = *file;
  libc().open.erase(from);
  return 0;
}

// stdio over a number of the program's, as wasi-libc has it: through the entry points.
FILE* __real_fdopen(int number, const char* mode) {
  cookie_io_functions_t functions = {};
  functions.read = [](void* cookie, char* buffer, size_t size) {
    return __wrap_read(static_cast<int>(reinterpret_cast<intptr_t>(cookie)), buffer, size);
  };
  functions.write = [](void* cookie, const char* buffer, size_t size) {
    return __wrap_write(static_cast<int>(reinterpret_cast<intptr_t>(cookie)), buffer, size);
  };
  functions.close = [](void* cookie) { return __wrap_close(static_cast<int>(reinterpret_cast<intptr_t>(cookie))); };
  return fopencookie(reinterpret_cast<void*>(static_cast<intptr_t>(number)), mode, functions);
}

int __real_fstatat(int directory, const char*, struct stat*, int) { return just_check(directory); }
int __real_faccessat(int directory, const char*, int, int) { return just_check(directory); }
int __real_mkdirat(int directory, const char*, mode_t) { return just_check(directory); }
int __real_unlinkat(int directory, const char*, int) { return just_check(directory); }
ssize_t __real_readlinkat(int directory, const char*, char*, size_t) { return just_check(directory); }
int __real_utimensat(int directory, const char*, const timespec*, int) { return just_check(directory); }
int __real_symlinkat(const char*, int directory, const char*) { return just_check(directory); }
int __real_renameat(int directory, const char*, int, const char*) { return just_check(directory); }
int __real_linkat(int directory, const char*, int, const char*, int) { return just_check(directory); }

DIR* __real_fdopendir(int number) {
  if (find(number) == nullptr) return nullptr;
  return reinterpret_cast<DIR*>(new Directory{number});
}
DIR* __real_opendir(const char* path) {
  const int number = __wrap___wasilibc_nocwd_openat_nomode(3, (std::string(path) + "/").c_str(), O_RDONLY);
  return number < 0 ? nullptr : __real_fdopendir(number);
}
dirent* __real_readdir(DIR*) { return nullptr; }
int __real_dirfd(DIR* directory) { return reinterpret_cast<Directory*>(directory)->number; }
int __real_closedir(DIR* directory) {
  const int number = __real_dirfd(directory);
  delete reinterpret_cast<Directory*>(directory);
  return __wrap_close(number);
}
}
