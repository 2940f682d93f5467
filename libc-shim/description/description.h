// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The open file description: what descriptor numbers refer to, and the contract between the entry points and the kinds. It has
// three parts: what every one has (counted.h), what it can be waited for (waitable.h), and what moves bytes.
//
// An operation never waits. Where Linux would block it returns EAGAIN; the caller (api/) then waits until subscribe()'s
// pollables say that trying again is worth it. Trying, subscribing, and trying again loses no event: pollables are
// level-triggered, so what happens between the try and the wait is seen by the wait.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "description/fast_path.h"
#include "description/request.h"
#include "description/waitable.h"

namespace posix_sockets {

struct Ending;

// Called with the description that a call of the program is about, if it's set: what one socket holds back leaves when the
// program turns to something else.
inline void (*before_call)(const class Description* target);

// What hears of each reference that was given back, of descriptor `number` or -1, before the description goes with the last one.
struct DropHook {
  void (*call)(class Description& description, int number);
  DropHook* next;
};
inline DropHook* drop_hooks;

// drain_step() of the sockets that were closed with something left to send; set if there are any.
inline bool (*drain_closed)(Ending& ending);

// The default operations are those of something that isn't a socket and can't be read or written.
class Description : public Waitable {
 public:
  // Bytes moved, 0 at the end of the stream. EAGAIN: nothing now.
  virtual Result<size_t> receive(ReceiveRequest&) { return Errno(EBADF); }
  virtual Result<size_t> send(SendRequest&) { return Errno(EBADF); }

  // The short ways of connections; null: it has none.
  FastPath* fast_path = nullptr;
  // All of `data` at once, given that nobody holds anything back: `size`, or 0 if there is more to look at. Then nothing was sent.
  virtual size_t send_plain(const void* data, size_t size) {
    (void)data;
    (void)size;
    return 0;
  }

  // FIONREAD: bytes that can be read at once.
  virtual Result<int> readable_bytes() { return Errno(ENOTTY); }
  // What event queues tell of it: bytes that can be read, as far as they are in the guest, and bytes that there is room for.
  // Of a listener: connections.
  virtual int64_t buffered() {
    const Result<int> bytes = readable_bytes();
    return bytes.ok() ? bytes.value() : 0;
  }
  virtual int64_t room() { return 65536; }
  // F_SETPIPE_SZ: what it became. Virtual, so that fcntl doesn't link pipes.
  virtual Result<int> set_pipe_capacity(size_t bytes) {
    (void)bytes;
    return Errno(EBADF);
  }

  // Whether libc serves all calls on it.
  bool is_plain_file() const { return is(Kind::file); }
  bool is_stream() const { return is(kinds::streams); }
  bool is_anonymous() const { return is(kinds::anonymous); }
  bool is_device() const { return is(kinds::devices); }
  bool can_be_watched() const { return !is(kinds::unwatchable); }
  bool writes_pieces() const { return is(kinds::writing_pieces); }
  // What ioctl says to requests that it doesn't know.
  Errno unknown_request() const { return is(kinds::strict_about_requests) ? EINVAL : ENOTTY; }

 protected:
  explicit Description(Kind kind) : Waitable(kind) {}
  ~Description() = default;
};

// The description as one of class T, which says by `kinds` what belongs to it; null: it is something else.
template <class T>
T* as(Description* description) {
  return description != nullptr && description->is(T::kinds) ? static_cast<T*>(description) : nullptr;
}
template <class T>
const T* as(const Description* description) {
  return as<T>(const_cast<Description*>(description));
}
template <class T>
T* as(Description& description) {
  return description.is(T::kinds) ? static_cast<T*>(&description) : nullptr;
}

}  // namespace posix_sockets
