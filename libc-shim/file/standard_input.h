// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Standard input, once a program waits for it together with sockets. From then on it's read through a stream of our own,
// since the bytes that a second stream has taken in don't come back to libc's.
#pragma once

#include "description/description.h"
#include "description/read_buffer.h"
#include "wit-bindings/host.h"

namespace posix_sockets {

class StandardInput final : public Description {
 public:
  StandardInput() : Description(Kind::standard_input) { is_libcs = true; }
  // Hosts begin to read only now: lets them find out what is there already, so that a look that doesn't wait tells the truth.
  void look_first();

  void release() override;
  Result<size_t> receive(ReceiveRequest& request) override;
  Events ready(Events wanted, bool probe) override;
  void subscribe(Events wanted, PollSet& set, uint32_t tag) override;
  Result<int> readable_bytes() override;

 private:
  bool fill();
  bool needs_input(Events wanted) const;

  ReadBuffer taken_;
  bool ended_ = false;
  host::StandardInput input_;
};

}  // namespace posix_sockets
