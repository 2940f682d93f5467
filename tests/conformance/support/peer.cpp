// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "peer.h"

#include <cstdlib>

namespace conformance {

Peer::Peer() : control_(tcp(AF_INET)) {
  const char* port = std::getenv("CONFORMANCE_PEER");
  REQUIRE(port != nullptr);
  Address address = Address::loopback(AF_INET, static_cast<std::uint16_t>(std::atoi(port)));
  REQUIRE_OK(connect(control_, address.get(), address.length));
}

void Peer::begin(const std::string& steps) { send_all(control_, steps + "\n"); }

void Peer::leave(const std::string& steps) {
  begin("later");
  REQUIRE(finish() == "");
  begin(steps);
}

std::string Peer::finish() {
  std::string line;
  char c = 0;
  while (recv(control_, &c, 1, 0) == 1 && c != '\n') line += c;
  INFO("the peer answered: " << line);
  REQUIRE(line.compare(0, 2, "ok") == 0);
  return line.size() > 3 ? line.substr(3) : "";
}

std::string Peer::call(const std::string& steps) {
  begin(steps);
  return finish();
}

Address Peer::listen(int family) {
  return Address::loopback(family,
                           static_cast<std::uint16_t>(std::atoi(call(std::string("listen ") + word(family)).c_str())));
}

Address Peer::bind_udp(int family) {
  return Address::loopback(family,
                           static_cast<std::uint16_t>(std::atoi(call(std::string("udp ") + word(family)).c_str())));
}

}  // namespace conformance
