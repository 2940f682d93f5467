// A second party outside the program, for cases that need one to act while they wait. The runner offers it on a control
// connection; the commands are listed in support/peer.py.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <string>

#include "net.h"

namespace conformance {

/// One actor of the runner. It carries out one line after another and answers each; a step that fails makes the
/// case fail, also when the program has ended by then.
class Peer {
 public:
  Peer();

  /// Has the steps done and returns the answer, without its leading "ok ".
  std::string call(const std::string& steps);

  /// Has the steps done while the case goes on; `finish` waits for them.
  void begin(const std::string& steps);
  std::string finish();

  /// Steps whose outcome the runner judges after this program has ended.
  void leave(const std::string& steps);

  /// Shorthands: a listening TCP socket or a bound UDP socket of the peer on loopback.
  Address listen(int family);
  Address bind_udp(int family);

 private:
  Fd control_;
};

/// The word that the peer uses for a family.
inline const char* word(int family) { return family == AF_INET ? "4" : "6"; }

}  // namespace conformance
