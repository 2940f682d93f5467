// Random sequences of operations over up to 50 descriptors of all kinds. After every step poll, select and epoll must say
// what the model says, and so what Linux says, of each of them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "poll_model.h"

using namespace conformance;

namespace {

void run(std::uint32_t seed, int family, int steps) {
  model::World world(seed, family);
  for (int i = 0; i < steps; ++i) {
    INFO("seed " << seed << ", step " << i);
    world.step();
    world.check();
  }
}

}  // namespace

FAMILY_CASE("poll model: seed 1") { run(1, family, 300); }
FAMILY_CASE("poll model: seed 2") { run(2, family, 300); }
FAMILY_CASE("poll model: seed 3") { run(3, family, 300); }
FAMILY_CASE("poll model: seed 4") { run(4, family, 300); }
FAMILY_CASE("poll model: seed 5") { run(5, family, 300); }
FAMILY_CASE("poll model: seed 6") { run(6, family, 300); }
FAMILY_CASE("poll model: seed 7") { run(7, family, 300); }
FAMILY_CASE("poll model: seed 8") { run(8, family, 300); }
FAMILY_CASE("poll model: many steps") { run(99, family, 1500); }
TEST_CASE("poll model: few steps of many seeds") {
  for (std::uint32_t seed = 1000; seed < 1040; ++seed) run(seed, seed % 2 == 0 ? AF_INET : AF_INET6, 25);
}
