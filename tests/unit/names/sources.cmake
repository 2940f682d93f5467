# The native unit tests of libc-shim/names. Paths are relative to the project's top folder.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
set(
  NAMES_UNIT_SOURCES
  tests/unit/names/allocation.cpp
  tests/unit/names/dns_message_test.cpp
  tests/unit/names/entries_test.cpp
  tests/unit/names/dns_names_test.cpp
  tests/unit/names/gethostbyname_test.cpp
  tests/unit/names/search_list_test.cpp
  tests/unit/names/fake_resolver.cpp
  tests/unit/names/getaddrinfo_test.cpp
  tests/unit/names/hosts_test.cpp
  tests/unit/names/line_reader_test.cpp
  tests/unit/names/main.cpp
  tests/unit/names/numeric_test.cpp
  tests/unit/names/policy_test.cpp
  tests/unit/names/protocols_test.cpp
  tests/unit/names/resolver_settings_test.cpp
  tests/unit/names/services_test.cpp
  tests/unit/names/sort_test.cpp
)

# What they test: all of the layer but h_errno, which is a macro of the native libc, on the bindings over a fake host.
# Waiting is the fake host's too, so that a test sees it.
include(${CMAKE_CURRENT_LIST_DIR}/../../../libc-shim/names/sources.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/../../../libc-shim/sources.cmake)
set(NAMES_UNIT_TESTED ${NAMES_SOURCES})
list(REMOVE_ITEM NAMES_UNIT_TESTED libc-shim/api/netdb/h_errno.cpp libc-shim/names/dns_channel.cpp)
list(
  APPEND NAMES_UNIT_TESTED
  libc-shim/udp/find_source.cpp
  libc-shim/support/address.cpp
  libc-shim/support/pointer.cpp
  wit-bindings/0.2/connection.cpp
  wit-bindings/0.2/datagram_socket.cpp
  wit-bindings/0.2/datagrams.cpp
  wit-bindings/0.2/errno_of.cpp
  wit-bindings/0.2/lookup.cpp
  wit-bindings/0.2/network.cpp
  wit-bindings/0.2/realloc.cpp
  wit-bindings/0.2/source.cpp
  wit-bindings/0.2/stream_failure.cpp
  wit-bindings/0.2/tcp_handle.cpp
  wit-bindings/0.2/udp.cpp
)
