// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The walk through a database that set...ent, get...ent and end...ent share.
#pragma once

#include <errno.h>

#include "names/line_reader.h"
#include "names/storage.h"
#include "support/memory.h"

namespace posix_sockets {

// One walk: the reader is made by the first call and given back by end().
template <class Row, class Entry>
struct Entries {
  void (*open)(LineReader&);
  bool (*next)(LineReader&, Row&);
  int (*pack)(const Row&, Entry*, char*, size_t);
  LineReader* reader = nullptr;
  Storage storage = {};
  Entry entry = {};
  Row pending = {};  // the row that did not fit and is to come again
  bool has_pending = false;

  void rewind() {
    has_pending = false;
    if (reader == nullptr) reader = create<LineReader>();
    if (reader != nullptr) open(*reader);
  }

  void end() {
    has_pending = false;
    destroy(reader);
    reader = nullptr;
  }

  // ENOENT: no more rows. ERANGE: the buffer is too small, and the row stays the next one. ENOMEM: no memory.
  int get(Entry* out, char* buffer, size_t size, Entry** result) {
    *result = nullptr;
    if (reader == nullptr) rewind();
    if (reader == nullptr) return ENOMEM;
    if (!has_pending && !next(*reader, pending)) return reader->out_of_memory() ? ENOMEM : ENOENT;
    const int error = pack(pending, out, buffer, size);
    has_pending = error == ERANGE;
    if (error == 0) *result = out;
    return error;
  }

  Entry* get_static() {
    Entry* result = nullptr;
    const int error = storage.fit([&](char* buffer, size_t size) { return get(&entry, buffer, size, &result); });
    if (error != 0 && error != ENOENT) errno = error;
    return result;
  }
};

}  // namespace posix_sockets
