// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The devices that programs count on, for guests whose host gives them no /dev: null, zero, full, random, urandom; and tty, which
// isn't there for a program without a terminal.
#pragma once

#include "description/description.h"

namespace posix_sockets {

enum class DeviceKind : uint8_t { null, zero, full, random, urandom, tty };

class Device final : public Description {
 public:
  static constexpr Kinds kinds = posix_sockets::kinds::devices;

  explicit Device(DeviceKind kind) : Description(kind_of(kind)), kind_(kind) {}

  void release() override;
  Result<int> readable_bytes() override { return unknown_request(); }
  // EBADF: not open for it; EFAULT; EIO: the host gives no random bytes.
  Result<size_t> receive(ReceiveRequest& request) override;
  // EBADF: not open for it; ENOSPC: the device is full.
  Result<size_t> send(SendRequest& request) override;
  Events ready(Events wanted, bool probe) override;
  Errno stat(struct stat& out) override;

  // What the kernel's splice() takes from it, or gives it.
  bool can_be_spliced_from() const { return kind_ != DeviceKind::null; }
  bool can_be_spliced_to() const { return kind_ != DeviceKind::full && !is_random(); }

  static void stat_of(DeviceKind kind, struct stat& out);

 private:
  static constexpr Kind kind_of(DeviceKind kind) {
    if (kind == DeviceKind::random) return Kind::random_device;
    return kind == DeviceKind::urandom ? Kind::urandom_device : Kind::device;
  }
  bool is_random() const { return kind_ == DeviceKind::random || kind_ == DeviceKind::urandom; }

  DeviceKind kind_;
};

}  // namespace posix_sockets
