// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "api/device_paths.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>

#include "api/entry.h"
#include "file/device.h"
#include "file/libc.h"
#include "support/memory.h"

namespace posix_sockets {
namespace {

struct Place {
  bool found = false;
  int descriptor = -1;  // of /dev/fd and its like; else a device
  DeviceKind kind = DeviceKind::null;
};

// What `path` begins with `prefix` goes on with, or null.
const char* rest_of(const char* path, const char* prefix) {
  const size_t length = strlen(prefix);
  return strncmp(path, prefix, length) == 0 ? path + length : nullptr;
}

// A number as Linux writes it; -1: something else.
int descriptor_of(const char* text) {
  if (text[0] < '0' || text[0] > '9' || (text[0] == '0' && text[1] != 0)) return -1;
  int number = 0;
  for (; *text >= '0' && *text <= '9'; ++text) {
    if (number > (INT_MAX - 9) / 10) return -1;
    number = number * 10 + (*text - '0');
  }
  return *text == 0 ? number : -1;
}

Place find(const char* path) {
  Place place;
  const char* name = rest_of(path, "/proc/self/fd/");
  if (name == nullptr) name = rest_of(path, "/dev/fd/");
  if (name != nullptr) {
    place.descriptor = descriptor_of(name);
    place.found = place.descriptor >= 0;
    return place;
  }
  name = rest_of(path, "/dev/");
  if (name == nullptr) return place;
  static constexpr struct {
    char name[8];
    int8_t descriptor;
    DeviceKind kind;
  } names[] = {
      {"null", -1, DeviceKind::null},     {"zero", -1, DeviceKind::zero},       {"full", -1, DeviceKind::full},
      {"random", -1, DeviceKind::random}, {"urandom", -1, DeviceKind::urandom}, {"tty", -1, DeviceKind::tty},
      {"stdin", 0, DeviceKind::null},     {"stdout", 1, DeviceKind::null},      {"stderr", 2, DeviceKind::null},
  };
  for (const auto& row : names) {
    if (strncmp(name, row.name, sizeof row.name) != 0) continue;
    place.found = true;
    place.descriptor = row.descriptor;
    place.kind = row.kind;
  }
  return place;
}

// As the call failed for want of a file. The host's errno for a path outside of what it granted is one of several.
Place find_missing(const char* path) {
#if defined(ENOTCAPABLE)
  const bool not_granted = errno == ENOTCAPABLE;
#else
  const bool not_granted = false;
#endif
  const bool missing = errno == ENOENT || errno == ENOTDIR || errno == EACCES || errno == EPERM || not_granted;
  return missing && path != nullptr && !InsideLibc::active() ? find(path) : Place();
}

// Linux opens what the descriptor stands for anew; here it's a duplicate.
Result<int> open_descriptor(int number, int flags) {
  const fd::Target target = fd::resolve(number);
  if (target.ours == nullptr && !libc::is_open(target.libc)) return Errno(ENOENT);
  if (target.ours != nullptr && target.libc < 0 && !target.ours->is(kinds::pipes | kinds::devices)) return Errno(ENXIO);
  return fd::duplicate(number, 0, (flags & O_CLOEXEC) != 0);
}

Result<int> open(const Place& place, int flags) {
  if ((flags & O_CREAT) != 0 && (flags & O_EXCL) != 0) return Errno(EEXIST);
  if ((flags & O_DIRECTORY) != 0) return Errno(ENOTDIR);
  if (place.descriptor >= 0) return open_descriptor(place.descriptor, flags);
  if (place.kind == DeviceKind::tty) return Errno(ENXIO);
  auto* device = create<Device>(place.kind);
  if (device == nullptr) return Errno(ENOMEM);
  if ((flags & O_ACCMODE) == 0) flags |= O_RDONLY;
  device->status_flags = flags & (O_ACCMODE | O_NONBLOCK | O_APPEND);
  return fd::install(device, (flags & O_CLOEXEC) != 0);
}

}  // namespace

bool open_device(const char* path, int flags, int& number) {
  const Place place = find_missing(path);
  if (place.found) number = report<int>(open(place, flags));
  return place.found;
}

bool stat_device(const char* path, struct stat* status, int& result) {
  const Place place = find_missing(path);
  if (!place.found) return false;
  result = 0;
  if (!accessible(status)) {
    result = report(EFAULT);
  } else if (place.descriptor < 0) {
    Device::stat_of(place.kind, *status);
  } else if (fstat(place.descriptor, status) != 0) {
    result = report(ENOENT);
  }
  return true;
}

bool access_device(const char* path, int mode, int& result) {
  struct stat status;
  if (!stat_device(path, &status, result)) return false;
  if (result == 0 && (mode & X_OK) != 0) result = report(EACCES);
  return true;
}

}  // namespace posix_sockets
