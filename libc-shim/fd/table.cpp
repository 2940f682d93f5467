// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "fd/table.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "description/ending.h"
#include "fd/limits.h"
#include "file/file.h"
#include "file/libc.h"
#include "file/standard_input.h"
#include "support/memory.h"
#include "support/pointer.h"
#include "wait/alarm.h"

namespace posix_sockets::fd {
namespace {

struct Entry {
  Description* description;  // null: free
  bool close_on_exec;        // kept, and without meaning: there is no exec
};

Entry* entries;
int capacity;
int lowest_free;  // no number below is free
int soft_limit = descriptor_limit;
// Of what the program opened before the table existed, by libc's numbers.
int highest_opened = 2;
int lowest_opened = INT_MAX;

bool active() { return entries != nullptr; }

bool grow(int number) {
  int larger = capacity == 0 ? 32 : capacity;
  while (larger <= number) larger *= 2;
  const size_t old_size = static_cast<size_t>(capacity) * sizeof(Entry);
  auto* memory = static_cast<Entry*>(resize(entries, old_size, static_cast<size_t>(larger) * sizeof(Entry)));
  if (memory == nullptr) return false;
  memset(memory + capacity, 0, static_cast<size_t>(larger - capacity) * sizeof(Entry));
  entries = memory;
  capacity = larger;
  return true;
}

// The lowest free number from `lowest` on, with room for it in the table.
Result<int> free_number(int lowest) {
  int number = lowest > lowest_free ? lowest : lowest_free;
  while (number < capacity && entries[number].description != nullptr) ++number;
  if (number >= soft_limit) return Errno(EMFILE);
  if (number >= capacity && !grow(number)) return Errno(ENOMEM);
  return number;
}

void put(int number, Description* description, bool close_on_exec) {
  entries[number] = {description, close_on_exec};
  if (number == lowest_free) ++lowest_free;
}

// Enters what libc has open already, under libc's own numbers. False: no memory.
bool enter_libc_files() {
  if (!grow(0)) return false;
  for (int number = 0;; ++number) {
    if (!libc::is_open(number)) {
      if (number > highest_opened) break;
      continue;
    }
    if (number >= capacity && !grow(number)) return false;
    // What was open before the program opened anything is a preopened directory: path names are looked up in it.
    const bool preopened = number > 2 && number < lowest_opened;
    File* file = create<File>(number, preopened);
    if (file == nullptr) return false;
    put(number, file, false);
  }
  while (lowest_free < capacity && entries[lowest_free].description != nullptr) ++lowest_free;
  return true;
}

Errno activate() {
  if (active() || enter_libc_files()) return success;
  // A table that lacks some files would hide them: none is better, until the next attempt.
  for (int number = 0; number < capacity; ++number) destroy(static_cast<File*>(entries[number].description));
  free(entries);
  entries = nullptr;
  capacity = lowest_free = 0;
  return ENOMEM;
}

}  // namespace

Description* find(int number) {
  if (number < 0 || number >= capacity) return nullptr;
  Description* description = entries[number].description;
  if (description != nullptr) description->changed();
  return description;
}

// Whether numbers are libc's own.
static bool passes_through() { return !active() || InsideLibc::active(); }

// A call is about what the number stands for.
[[gnu::noinline]] static Description* announce(int number) {
  Description* description = find(number);
  if (before_call != nullptr) before_call(description);
  return description;
}

// A program that never waits hears of its alarm where it calls.
static void ring_if_due() {
  if (the_alarm.is_set() && !InsideLibc::active()) (void)the_alarm.ring_if_due();
}

// The number was in the table, which never becomes smaller.
bool Held::is_current() const { return ours != nullptr && entries[number_].description == ours; }

[[gnu::noinline]] Target resolve(int number) {
  if (passes_through()) return {nullptr, number, number};
  Description* description = announce(number);
  if (description == nullptr || !description->is_libcs) return {description, number, -1};
  return {description->is_plain_file() ? nullptr : description, number, libc_descriptor_of(*description)};
}

Target enter(int number) {
  ring_if_due();
  return resolve(number);
}

bool take_ahead(int number, void* out, size_t size) {
  if (before_call != nullptr || the_alarm.is_set() || InsideLibc::active()) return false;
  Description* description = find(number);
  return description != nullptr && description->fast_path != nullptr && accessible(out, size) &&
         description->fast_path->take_ahead(out, size);
}

bool send_plain(int number, const void* data, size_t size, bool more) {
  if (the_alarm.is_set() || InsideLibc::active()) return false;
  Description* description = find(number);
  if (description == nullptr || !accessible(data, size)) return false;
  if (before_call != nullptr)
    return description->fast_path != nullptr && description->fast_path->gathered.add(data, size, more);
  return !more && size != 0 && description->send_plain(data, size) != 0;
}

HeldSocket find_socket(int number) {
  ring_if_due();
  Description* description = passes_through() ? nullptr : announce(number);
  Socket* socket = as<Socket>(description);
  if (socket != nullptr) return {socket, number, success};
  const bool is_open = description != nullptr || (passes_through() && libc::is_open(number));
  return {nullptr, number, is_open ? ENOTSOCK : EBADF};
}

Result<int> install(Description* description, bool close_on_exec) {
  Errno error = activate();
  if (error.ok()) {
    Result<int> number = free_number(0);
    if (number.ok()) {
      put(number.value(), description, close_on_exec);
      return number;
    }
    error = number.error();
  }
  description->drop();
  return error;
}

Result<int> adopt(int libc_descriptor) {
  if (!active()) {
    if (libc_descriptor > highest_opened) highest_opened = libc_descriptor;
    if (libc_descriptor < lowest_opened) lowest_opened = libc_descriptor;
    return libc_descriptor;
  }
  Result<int> number = free_number(0);
  if (!number.ok()) return number;
  File* file = create<File>(libc_descriptor, false);
  if (file == nullptr) return Errno(ENOMEM);
  put(number.value(), file, false);
  return number;
}

int number_of_libc(int libc_descriptor) {
  if (!active()) return libc_descriptor;
  for (int number = 0; number < capacity; ++number)
    if (entries[number].description != nullptr && libc_descriptor_of(*entries[number].description) == libc_descriptor)
      return number;
  return -1;
}

Errno close(int number) {
  Description* description = find(number);
  if (description == nullptr) return EBADF;
  entries[number] = {};
  if (number < lowest_free) lowest_free = number;
  description->drop(number);
  return success;
}

void forget_libc(int libc_descriptor) {
  const int number = number_of_libc(libc_descriptor);
  if (!active() || number < 0) return;
  Description* description = entries[number].description;
  entries[number] = {};
  if (number < lowest_free) lowest_free = number;
  if (description->is_plain_file()) static_cast<File*>(description)->closed_by_libc();
  description->drop(number);
}

Result<int> duplicate(int number, int lowest, bool close_on_exec) {
  const Errno error = activate();
  if (!error.ok()) return error;
  Description* description = find(number);
  if (description == nullptr) return Errno(EBADF);
  if (lowest < 0 || lowest >= soft_limit) return Errno(EINVAL);
  Result<int> free = free_number(lowest);
  if (!free.ok()) return free;
  ++description->references;
  put(free.value(), description, close_on_exec);
  return free;
}

Result<int> duplicate_to(int from, int to, bool close_on_exec) {
  const Errno error = activate();
  if (!error.ok()) return error;
  Description* description = find(from);
  if (description == nullptr || to < 0 || to >= soft_limit) return Errno(EBADF);
  if (to >= capacity && !grow(to)) return Errno(ENOMEM);
  ++description->references;
  Description* replaced = entries[to].description;
  put(to, description, close_on_exec);
  while (lowest_free < capacity && entries[lowest_free].description != nullptr) ++lowest_free;
  if (replaced != nullptr) replaced->drop(to);
  return to;
}

Errno set_close_on_exec(int number, bool value) {
  const Errno error = activate();
  if (!error.ok()) return error;
  if (find(number) == nullptr) return EBADF;
  entries[number].close_on_exec = value;
  return success;
}

Result<bool> close_on_exec(int number) {
  const Errno error = activate();
  if (!error.ok()) return error;
  if (find(number) == nullptr) return Errno(EBADF);
  return entries[number].close_on_exec;
}

void take_over_standard_input(int number) {
  if (!activate().ok()) return;
  Description* file = find(number);
  if (file == nullptr || libc_descriptor_of(*file) != 0 || !file->is_plain_file()) return;
  auto* input = create<StandardInput>();
  if (input == nullptr) return;
  input->look_first();
  // Every number that stood for the file stands for the stream now, and what is in a message on its way will.
  input->status_flags = file->status_flags;
  static_cast<File*>(file)->give_place_to(input);
  for (int i = 0; i < capacity; ++i) {
    if (entries[i].description != file) continue;
    entries[i].description = input;
    ++input->references;
    file->drop(i);
  }
}

int limit() { return soft_limit; }

Errno set_limit(int value) {
  const Errno error = activate();  // so that libc's files count, too
  if (error.ok()) soft_limit = value;
  return error;
}

void drain_all() {
  const auto socket_at = [](int number) { return as<Socket>(entries[number].description); };
  Ending ending;
  bool done;  // with one, which is to be closed before any wait
  do {
    ending.begin_round();
    // What has nothing left to send goes first, as with a process: a peer in this very program reads no more, and who still
    // sends to it would wait for ever. That can reset others, so that pollables are collected afterwards.
    for (int number = 0; number < capacity; ++number)
      if (Socket* socket = socket_at(number); socket != nullptr && !socket->delays_end()) (void)close(number);
    done = false;
    for (int number = 0; number < capacity; ++number)
      if (Socket* socket = socket_at(number); socket != nullptr) done |= !socket->drain_step(ending);
    if (drain_closed != nullptr) (void)drain_closed(ending);
  } while (done || ending.wait());
}

}  // namespace posix_sockets::fd
