// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a host tells of several pollables may be only part of what is ready. Programs that wait for one at a time don't link this.
#include "wit-bindings/0.2/waiting.h"
#include "wit-bindings/host.h"

namespace posix_sockets::host {
namespace {

// As many as a look in one host call tells the truth of: with the timer, they stay within a host's 128.
constexpr size_t look_size = 120;

// Those of `size` sources from `first` on; the indices are the list's.
size_t look_at_part(SourceId* sources, size_t first, size_t size, uint32_t* ready) {
  size_t found = look(sources + first, size, ready);
  if (budget::was_cut()) found = look(sources + first, size, ready);
  for (size_t i = 0; i < found; ++i) ready[i] += static_cast<uint32_t>(first);
  return found;
}

// A host that looks at so many pollables a call and has found one ready leaves the others for the next call. One that stays ready, or
// some that take turns, would hide the others for ever: so part after part of these is looked at by itself, which takes a small part
// of the time.
size_t look_at_hidden(const SourceId* sources, size_t count, uint32_t* ready, size_t told) {
  constexpr uint64_t pause = 32;  // times as long as a look takes
  static uint64_t next;
  static size_t cursor;
  const uint64_t begin = now();
  if (begin < next) return told;
  SourceId list[look_size + 1] = {};
  uint32_t places[look_size];
  uint32_t found[look_size + 1];
  size_t size = 0;
  for (size_t looked = 0; looked < count && size < look_size; ++looked) {
    if (cursor >= count) cursor = 0;
    const auto place = static_cast<uint32_t>(cursor++);
    bool known = false;
    for (size_t i = 0; i < told && !known; ++i) known = ready[i] == place;
    if (known) continue;
    places[size] = place;
    list[size++] = sources[place];
  }
  const size_t more = look(list, size, found);
  for (size_t i = 0; i < more; ++i) ready[told++] = places[found[i]];
  const uint64_t end = now();
  next = end + pause * (end - begin);
  return told;
}

}  // namespace

size_t look_at_all(SourceId* sources, size_t count, uint32_t* ready) {
  size_t found = 0;
  for (size_t first = 0; first < count; first += look_size)
    found += look_at_part(sources, first, count - first < look_size ? count - first : look_size, ready + found);
  return found;
}

size_t complete(SourceId* sources, size_t count, uint32_t* ready, size_t told) {
  const bool large = count > look_size;
  // Several at once of a large list are worth a look at all of it: there probably are more.
  if (budget::was_cut() || (large && told > 1)) return look_at_all(sources, count, ready);
  return large ? look_at_hidden(sources, count, ready, told) : told;
}

}  // namespace posix_sockets::host
