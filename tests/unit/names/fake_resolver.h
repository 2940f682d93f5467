// The part of a WASI host that names need: a resolver with a script, and routing with given addresses.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "support/address.h"
#include "wit-bindings/0.2/error_code.h"

namespace fake {

using posix_sockets::Family;
using posix_sockets::SocketAddress;

/// An address from its text; stops the case if it's none.
SocketAddress address(const char* text, std::uint16_t port = 0);
std::string text(const SocketAddress& address);

struct Answer {
  std::vector<SocketAddress> addresses;
  std::optional<wasi::ErrorCode> error;            // instead of, or after, the addresses
  std::optional<wasi::ErrorCode> immediate_error;  // of resolve-addresses itself
  int pending = 0;                                 // how often the answer isn't there yet
};

struct Host {
  std::map<std::string, Answer> names;                 // others are name-unresolvable
  std::map<std::string, std::string> sources;          // destination -> source address
  std::optional<wasi::ErrorCode> unrouted;             // error of other destinations; none: they are loopback's
  std::map<Family, wasi::ErrorCode> families_refused;  // error of creating sockets
  std::vector<std::string> asked;                      // names that were looked up
  int handles = 0;                                     // that exist now
  int sockets_created = 0;
  int waits = 0;
};

/// The one host; a case starts with `host() = {}`.
Host& host();

}  // namespace fake
