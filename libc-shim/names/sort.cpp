// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/sort.h"

#include <stdlib.h>

namespace posix_sockets {
namespace {

// How many bits a destination shares with its source, as far as that says how near it is.
int nearness(const Candidate& candidate) {
  const uint8_t* destination = candidate.destination.bytes;
  const uint8_t* source = candidate.source.bytes;
  if (candidate.destination.family == Family::ipv6) return common_bits(destination, source, 128);
  // A guest isn't told how long its network's prefix is: 24 bits is the most usual one. That of the loopback is known.
  const int bits = common_bits(destination, source, 32);
  return bits >= (candidate.source.is_loopback() ? 8 : 24) ? bits : 0;
}

// Above zero: `a` is the better one. Each rule is only reached when the ones before it saw no difference.
int compare(const Candidate& a, const Candidate& b, const Policy& policy) {
  // Rule 1: avoid what can't be reached.
  if (a.reachable != b.reachable) return a.reachable ? 1 : -1;
  const int scope_a = policy.scope_of(a.destination);
  const int scope_b = policy.scope_of(b.destination);
  if (a.reachable) {
    // Rule 2: prefer a source of the same scope.
    const bool match_a = scope_a == policy.scope_of(a.source);
    const bool match_b = scope_b == policy.scope_of(b.source);
    if (match_a != match_b) return match_a ? 1 : -1;
    // Rule 5: prefer a source of the same label.
    const PrefixRules& labels = policy.labels;
    const bool label_a = labels.value_of(a.destination) == labels.value_of(a.source);
    const bool label_b = labels.value_of(b.destination) == labels.value_of(b.source);
    if (label_a != label_b) return label_a ? 1 : -1;
  }
  // Rule 6: prefer the higher precedence.
  const int precedence_a = policy.precedences.value_of(a.destination);
  const int precedence_b = policy.precedences.value_of(b.destination);
  if (precedence_a != precedence_b) return precedence_a > precedence_b ? 1 : -1;
  // Rule 8: prefer the smaller scope.
  if (scope_a != scope_b) return scope_b > scope_a ? 1 : -1;
  // Rule 9: prefer the longer common prefix.
  if (a.reachable && a.destination.family == b.destination.family) return nearness(a) - nearness(b);
  return 0;
}

// A merge sort, as an answer can hold thousands; it keeps the order of equals. `room`: for half of them.
void sort(Candidate* candidates, size_t count, Candidate* room, const Policy& policy) {
  if (count < 2) return;
  const size_t half = count / 2;
  sort(candidates, half, room, policy);
  sort(candidates + half, count - half, room, policy);
  for (size_t i = 0; i < half; ++i) room[i] = candidates[i];
  size_t left = 0;
  size_t right = half;
  for (size_t place = 0; left < half; ++place) {
    const bool takes_right = right < count && compare(candidates[right], room[left], policy) > 0;
    candidates[place] = takes_right ? candidates[right++] : room[left++];
  }
}

}  // namespace

bool sort_destinations(Candidate* candidates, size_t count, const Policy& policy) {
  if (count < 2) return true;
  auto* room = static_cast<Candidate*>(malloc(count / 2 * sizeof(Candidate)));
  if (room == nullptr) return false;
  sort(candidates, count, room, policy);
  free(room);
  return true;
}

}  // namespace posix_sockets
