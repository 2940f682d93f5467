// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a signalfd stands for: the program's own pending signals are read from it.
#pragma once

#include "description/description.h"
#include "signals/state.h"
#include "support/memory.h"

namespace posix_sockets {

class SignalDescriptor final : public Description {
 public:
  static constexpr Kinds kinds = Kind::signals;

  compat::SignalBits set;

  explicit SignalDescriptor(compat::SignalBits wanted) : Description(Kind::signals), set(wanted), next_(all) {
    all = this;
    compat::on_pending_signal = wake_all;
  }
  // Every signal wakes all who wait, as in the kernel.
  static void wake_all() {
    for (SignalDescriptor* each = all; each != nullptr; each = each->next_) ++each->edges;
  }
  void release() override;

  // As many as there are, whole.
  Result<size_t> receive(ReceiveRequest& request) override;
  Result<size_t> send(SendRequest&) override { return Errno(EINVAL); }
  Events ready(Events wanted, bool) override {
    return (compat::pending_signals() & set) != 0 ? wanted & events::readable : Events{0};
  }
  Errno stat(struct stat& out) override { return stat_anonymous(out); }

 private:
  static inline SignalDescriptor* all;
  SignalDescriptor* next_;
};

}  // namespace posix_sockets
