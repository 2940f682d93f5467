// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The typed handles, the conversion of addresses, and the memory that the host asks for.
#include "scene.h"
#include "wit-bindings/0.2/network.h"
#include "wit-bindings/0.2/raw.h"
#include "wit-bindings/0.2/realloc.h"
#include "wit-bindings/0.2/tcp.h"

extern "C" void* cabi_realloc(void*, size_t, size_t, size_t);
extern "C" void fake_free(void*);

using posix_sockets::Family;
using posix_sockets::SocketAddress;

TEST_CASE("bindings: a moved-from handle is empty and dropped by nobody") {
  Scene scene;
  wasi::TcpSocket first = static_cast<wasi::TcpSocket&&>(wasi::TcpSocket::create(Family::ipv4).value());
  wasi::TcpSocket second = static_cast<wasi::TcpSocket&&>(first);
  CHECK_FALSE(static_cast<bool>(first));
  CHECK(fake::live_handles() == 1);
  wasi::TcpSocket third = static_cast<wasi::TcpSocket&&>(wasi::TcpSocket::create(Family::ipv6).value());
  CHECK(fake::live_handles() == 2);
  third = static_cast<wasi::TcpSocket&&>(second);
  CHECK(fake::live_handles() == 1);
  wasi::TcpSocket& itself = third;
  third = static_cast<wasi::TcpSocket&&>(itself);
  CHECK(fake::live_handles() == 1);
}

TEST_CASE("bindings: addresses in every form") {
  for (const SocketAddress& address :
       {fake::ipv4("1.2.3.4", 65535), fake::ipv4("255.255.255.255", 0), fake::ipv6("2001:db8:1:2:3:4:5:fff6", 443)}) {
    wasi::raw::IpSocketAddress wit = {};
    wasi::to_wit(address, wit);
    CHECK(wasi::from_wit(wit) == address);
    const wasi::raw::FlatAddress flat = wasi::flatten(address);
    CHECK(flat.family == static_cast<int32_t>(address.family));
    CHECK(flat.slots[0] == address.port);
  }
  const wasi::raw::FlatAddress flat = wasi::flatten(fake::ipv6("fe80::8000", 1));
  CHECK(flat.slots[2] == 0xfe80);
  CHECK(flat.slots[9] == 0x8000);
}

TEST_CASE("bindings: a lent buffer serves what fits, aligned, and malloc the rest") {
  alignas(8) char room[64];
  {
    wasi::LentBuffer lent(room + 1, 63);
    CHECK(cabi_realloc(nullptr, 0, 1, 3) == room + 1);
    CHECK(cabi_realloc(nullptr, 0, 4, 8) == room + 4);
    CHECK(lent.contains(room + 12));
    void* elsewhere = cabi_realloc(nullptr, 0, 1, 1000);
    CHECK_FALSE(lent.contains(elsewhere));
    fake_free(elsewhere);
    CHECK(cabi_realloc(nullptr, 0, 8, 48) == room + 16);
    CHECK(cabi_realloc(nullptr, 0, 1, 0) != nullptr);
  }
  void* after = cabi_realloc(nullptr, 0, 1, 1);
  CHECK((after < room || after >= room + sizeof room));
  fake_free(after);
}
