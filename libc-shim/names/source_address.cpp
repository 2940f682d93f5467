// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/source_address.h"

#include "names/sort.h"

namespace posix_sockets {
namespace {

bool has_both_families(const AddressList& addresses) {
  for (const SocketAddress& address : addresses)
    if (address.family != addresses[0].family) return true;
  return false;
}

}  // namespace

bool is_configured(Family family) {
  SocketAddress source;
  return find_source(SocketAddress::loopback(family, 0), source) != SourceStatus::unreachable;
}

bool sort_addresses(AddressList& addresses) {
  if (!has_both_families(addresses)) return true;
  List<Candidate> candidates;
  for (const SocketAddress& address : addresses) {
    Candidate candidate;
    candidate.destination = address;
    candidate.reachable = find_source(address, candidate.source) == SourceStatus::found;
    if (!candidates.add(candidate)) return false;
  }
  sort_destinations(candidates.data(), candidates.size());
  for (size_t i = 0; i < candidates.size(); ++i) addresses[i] = candidates[i].destination;
  return true;
}

}  // namespace posix_sockets
