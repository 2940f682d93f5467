// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a TCP socket is bound to and the name that it shows: what survives whatever becomes of it.
#pragma once

#include <string.h>

#include "support/address.h"

namespace posix_sockets::tcp {

struct Binding {
  enum class Port : uint8_t {
    none,    // not bound
    given,   // by the host: Linux gives it up when the socket is done with it
    chosen,  // by the program
  };

  Port port = Port::none;
  bool keeps_address = false;  // not bound, but the program chose `address`, and only its port was given up
  bool shows_name = false;     // `name` is the socket's: the host has none for it, or none any more
  SocketAddress address;
  SocketAddress name;

  bool is_bound() const { return port != Port::none; }
  void bind(const SocketAddress& to, Port its_port) {
    address = to;
    port = its_port;
    keeps_address = shows_name = false;
  }
  void unbind() { port = Port::none; }
  void give_up_port() {
    if (port != Port::given) return;
    keeps_address = !address.is_unspecified();
    address.port = 0;
    unbind();
  }
  void show(const SocketAddress& the_name) {
    name = the_name;
    shows_name = true;
  }
  // The port is another socket's now. Linux has forgotten the address, and shows the port that it gave up.
  void lose_address() {
    keeps_address = false;
    memset(name.bytes, 0, sizeof name.bytes);
  }
};

}  // namespace posix_sockets::tcp
