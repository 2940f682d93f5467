// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/source_address.h"

#include "names/numeric.h"
#include "names/sort.h"

namespace posix_sockets {
namespace {

// A mapped address is reached from a mapped one, and IPv6 sockets of the host don't know them.
bool find_candidate(Candidate& candidate) {
  const bool mapped = candidate.destination.is_ipv4_mapped();
  const SocketAddress destination = mapped ? from_mapped(candidate.destination) : candidate.destination;
  if (find_source(destination, candidate.source) != SourceStatus::found) return false;
  if (mapped) candidate.source = to_mapped(candidate.source);
  return true;
}

}  // namespace

bool is_configured(Family family) {
  SocketAddress source;
  return find_source(SocketAddress::loopback(family, 0), source) != SourceStatus::unreachable;
}

bool sort_addresses(AddressList& addresses, const Policy& policy) {
  if (addresses.size() < 2) return true;
  List<Candidate> candidates;
  for (const SocketAddress& address : addresses) {
    Candidate candidate;
    candidate.destination = address;
    candidate.reachable = find_candidate(candidate);
    if (!candidates.add(candidate)) return false;
  }
  if (!sort_destinations(candidates.data(), candidates.size(), policy)) return false;
  for (size_t i = 0; i < candidates.size(); ++i) addresses[i] = candidates[i].destination;
  return true;
}

}  // namespace posix_sockets
