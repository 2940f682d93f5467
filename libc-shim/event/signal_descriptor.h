// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a signalfd stands for: the program's own pending signals are read from it.
#pragma once

#include "description/description.h"
#include "signals/state.h"

namespace posix_sockets {

class SignalDescriptor final : public Description {
 public:
  static constexpr Kinds kinds = Kind::signals;

  signals::SignalBits set;

  explicit SignalDescriptor(signals::SignalBits wanted);
  // Every signal wakes all who wait, as in the kernel.
  static void wake_all();
  void release() override;

  // As many as there are, whole.
  Result<size_t> receive(ReceiveRequest& request) override;
  Result<size_t> send(SendRequest&) override { return Errno(EINVAL); }
  Events ready(Events wanted, bool) override {
    return (signals::pending_signals() & set) != 0 ? wanted & events::readable : Events{0};
  }
  Errno stat(struct stat& out) override { return stat_anonymous(out); }

 private:
  SignalDescriptor* next_;  // of all
};

}  // namespace posix_sockets
