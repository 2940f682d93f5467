// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The open file description: what descriptor numbers refer to, and the contract between the entry points and the kinds.
//
// An operation never waits. Where Linux would block it returns EAGAIN; the caller (api/) then waits until subscribe()'s
// pollables say that trying again is worth it. Trying, subscribing, and trying again loses no event: pollables are
// level-triggered, so what happens between the try and the wait is seen by the wait.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include "description/read_buffer.h"
#include "description/request.h"
#include "support/result.h"
#include "wait/poll_set.h"

namespace posix_sockets {

struct Ending;
class EpollSet;
class EventQueue;
class PipeBuffer;
class SignalDescriptor;
class Socket;
class TimerDescriptor;
class Watcher;

// Bits of readiness, apart from the POLL* values of any one header.
using Events = uint16_t;
namespace events {
constexpr Events readable = 1;
constexpr Events writable = 2;
constexpr Events error = 4;            // POLLERR
constexpr Events hang_up = 8;          // POLLHUP: both directions are over
constexpr Events read_hang_up = 16;    // POLLRDHUP: the peer sends no more
constexpr Events more_input = 32;      // to wait for only: input beyond what is there already
constexpr Events write_hang_up = 128;  // to ask for only: this end sends no more
constexpr Events more_room = 64;       // to wait for only: room, if the last send found none
}  // namespace events

namespace bands {
constexpr uint8_t normal_read = 1;   // POLLRDNORM
constexpr uint8_t normal_write = 2;  // POLLWRNORM
constexpr uint8_t band_write = 4;    // POLLWRBAND
}  // namespace bands

// Called with the description that a call of the program is about, if it's set: what one socket holds back leaves when the
// program turns to something else.
inline void (*before_call)(const class Description* target);

// What a blocking call waits for; null when it's gone, as a signal handler closed it meanwhile.
inline const class Description* awaited;

// Called when a reference to a watched description was given back: that of descriptor `number`, or -1.
inline void (*before_close)(class Description* description, int number);

// What else hears of each reference that was given back, as before_close, before the description goes with the last one.
struct DropHook {
  void (*call)(class Description& description, int number);
  DropHook* next;
};
inline DropHook* drop_hooks;

// drain_step() of the sockets that were closed with something left to send; set if there are any.
inline bool (*drain_closed)(Ending& ending);

// Counts what edge-triggered interests are told again for, and keeps when that came: events are told in the order of their
// coming. Instants number the events of the whole program, from 1 on.
class EdgeCounter {
 public:
  operator uint32_t() const { return count_; }
  EdgeCounter& operator++() {
    ++count_;
    latest_ = next_instant();
    if (first_ == 0) first_ = latest_;
    return *this;
  }
  // For sums, without an event.
  void operator+=(uint32_t number) { count_ += number; }
  void operator-=(uint32_t number) { count_ -= number; }

  // The first event after instant `seen`; 0: none. With several watchers it may be a later one.
  uint32_t first_after(uint32_t seen) const { return first_ > seen ? first_ : latest_ > seen ? latest_ : 0; }
  // The only watcher has seen all of them.
  void forget() { first_ = 0; }

  static uint32_t next_instant() { return ++now_; }
  static uint32_t now() { return now_; }

 private:
  static inline uint32_t now_;

  uint32_t count_ = 0;
  uint32_t first_ = 0;
  uint32_t latest_ = 0;
};

// The default operations are those of something that isn't a socket and can't be read or written.
class Description {
 public:
  int references = 1;
  int status_flags = 0;  // O_NONBLOCK and the access mode, as fcntl(F_GETFL) shows them

  // Frees the description; called when the last descriptor has gone.
  virtual void release() {}
  // Gives one reference back: that of descriptor `number`, if it was one's.
  void drop(int number = -1) {
    --references;
    if (watchers != 0) before_close(this, number);
    const bool last = references == 0;
    for (const DropHook* hook = drop_hooks; hook != nullptr; hook = hook->next) hook->call(*this, number);
    if (!last) return;  // and a hook may have released it
    if (this == awaited) awaited = nullptr;
    release();
  }

  // Interests of epoll sets and event queues in this description.
  uint32_t watchers = 0;
  // What edge-triggered interests are told again for, as the kernel wakes its wait queues: input that arrived, room after
  // there was none, everything else (ends, errors, connects that are through).
  EdgeCounter input_edges;
  EdgeCounter output_edges;
  EdgeCounter edges;
  // The sum of those that concern who wants `wanted`: it changes with each of them.
  virtual uint32_t edge_count(Events wanted) const {
    uint32_t count = edges;
    if ((wanted & events::readable) != 0) count += input_edges;
    if ((wanted & events::writable) != 0) count += output_edges;
    return count;
  }
  // When the first of them came after `seen`; 0: none did.
  uint32_t first_edge_after(uint32_t seen, Events wanted) const {
    uint32_t first = edges.first_after(seen);
    const auto take = [&](uint32_t other) {
      if (other != 0 && (first == 0 || other < first)) first = other;
    };
    if ((wanted & events::readable) != 0) take(input_edges.first_after(seen));
    if ((wanted & events::writable) != 0) take(output_edges.first_after(seen));
    return first;
  }
  void forget_edges() {
    edges.forget();
    input_edges.forget();
    output_edges.forget();
  }
  bool is_libcs : 1 = false;  // libc has a number for it
  // F_SETOWN and F_SETSIG, which are kept: 1 this process, -1 its group, 0 nobody.
  int8_t owner : 2 = 0;
  uint8_t owner_signal : 7 = 0;
  // The last send found no room. Whoever sees room next takes it back and counts an edge.
  bool send_blocked : 1 = false;
  bool waits_for_room(Events wanted) const {
    return (wanted & events::writable) != 0 && ((wanted & events::more_room) == 0 || send_blocked);
  }
  void saw_room() {
    if (send_blocked) ++output_edges;
    send_blocked = false;
  }

  // What the plainest receive and send do, without further ado: false, and nothing was done, if there is more to look at.
  // Bytes that were read ahead, if more of them are there than are wanted.
  bool take_ahead(void* out, size_t size) {
    if (size == 0 || size >= buffer_.size()) return false;
    memcpy(out, buffer_.data(), size);
    buffer_.consume_some(size);
    return true;
  }
  // Output that is held back, with room for more. `more`: MSG_MORE. Only while no other socket holds any, as that might have
  // to go first.
  bool add_held(const void* data, size_t size, bool more) {
    if (size == 0 || size > held_capacity - held_size_ || holders != 1) return false;
    if (!(more ? held_takes_more_ : held_takes_plain_) || held_sends_ == looks_at_age_) return false;
    ++held_sends_;
    memcpy(held_ + held_size_, data, size);
    held_size_ += static_cast<uint32_t>(size);
    return true;
  }
  static inline int holders;  // how many hold something
  // All of `data` at once, given that nobody holds anything: `size`, or 0 if there is more to look at. Then nothing was sent.
  virtual size_t send_plain(const void* data, size_t size) {
    (void)data;
    (void)size;
    return 0;
  }

  virtual Socket* socket() { return nullptr; }
  virtual TimerDescriptor* timer() { return nullptr; }
  virtual SignalDescriptor* signals() { return nullptr; }
  virtual EpollSet* epoll_set() { return nullptr; }
  virtual EventQueue* event_queue() { return nullptr; }
  virtual Watcher* watcher() { return nullptr; }
  virtual PipeBuffer* pipe() { return nullptr; }  // which it is an end of
  // The number under which libc knows it; -1 if it isn't libc's.
  virtual int libc_descriptor() const { return -1; }
  // Whether libc serves all calls on it.
  virtual bool is_plain_file() const { return false; }

  // Whether the borders of writes don't matter to reads, so that a transfer can go on where it stopped.
  virtual bool is_stream() const { return true; }

  // Whether the guest's own state alone says what can be done, so that asking the host again tells nothing new.
  virtual bool in_process() const { return false; }

  // Whether the kernel has no file behind it, only functions: eventfd, timerfd and such. lseek then does nothing, and says 0.
  virtual bool is_anonymous() const { return false; }
  // Whether it is a device that has no position: lseek says 0, pread and pwrite are read and write.
  virtual bool is_device() const { return false; }
  // Whether epoll takes it.
  virtual bool can_be_watched() const { return true; }
  // Whether writev is a write for each of its pieces.
  virtual bool writes_pieces() const { return false; }
  // Which of the finer events come with readable and writable.
  virtual uint8_t bands() const { return bands::normal_read | bands::normal_write; }

  // Bytes moved, 0 at the end of the stream. EAGAIN: nothing now.
  virtual Result<size_t> receive(ReceiveRequest&) { return Errno(EBADF); }
  virtual Result<size_t> send(SendRequest&) { return Errno(EBADF); }

  // Puts back an error that an operation returned after another one had already transferred something.
  virtual void restore_error(Errno) {}

  // Which of `wanted` (error and hang-up always count as wanted) hold now. Looks only at the guest's own state, and where
  // the host's pollable is known to be stale, unless `probe` is set: then it asks the host, for instance by reading ahead,
  // so that what it says is the truth.
  virtual Events ready(Events wanted, bool probe) {
    (void)probe;
    return wanted & (events::readable | events::writable);
  }
  // Takes in input that is there, if one cheap call of the host tells whether it is, so that ready() knows of it. For many
  // descriptions that are waited for at once.
  virtual void look_for_input() {}

  // Adds the pollables that may make one of `wanted` come true. None: only the program itself can, by another call; a
  // blocking call would wait for ever, and reports EDEADLK.
  virtual void subscribe(Events wanted, PollSet& set, uint32_t tag) {
    (void)wanted;
    (void)set;
    (void)tag;
  }

  // Whether something that send() accepted would be lost if the program ended now, and isn't meant to be.
  virtual bool delays_end() { return false; }
  // At exit: throws away what has arrived, since nobody reads it any more and the sender may be this very program; adds what is
  // to be waited for, and how long. False: nothing delays the end.
  virtual bool drain_step(Ending&) { return false; }

  // FIONREAD: bytes that can be read at once.
  virtual Result<int> readable_bytes() { return Errno(ENOTTY); }
  // TIOCOUTQ: bytes that send() took and that are not with the peer yet, as far as the guest knows.
  virtual Result<int> unsent_bytes() { return Errno(ENOTTY); }
  // What ioctl says to requests that it doesn't know.
  virtual Errno unknown_request() const { return ENOTTY; }
  // What event queues tell of it: bytes that can be read, as far as they are in the guest, and bytes that there is room for.
  // Of a listener: connections.
  virtual int64_t buffered() {
    const Result<int> bytes = readable_bytes();
    return bytes.ok() ? bytes.value() : 0;
  }
  virtual int64_t room() { return 65536; }
  virtual Errno stat(struct stat&) { return EBADF; }

  // F_GETPIPE_SZ and F_SETPIPE_SZ: bytes that fit into a pipe.
  virtual Result<int> pipe_capacity() { return Errno(EBADF); }
  virtual Result<int> set_pipe_capacity(size_t bytes) {
    (void)bytes;
    return Errno(EBADF);
  }

 protected:
  ~Description() = default;  // by release() only

  // stat() of what is_anonymous().
  Errno stat_anonymous(struct stat& out) const;

  // A send that doesn't fit is looked at again by send() itself.
  void look_at_next_send() { held_takes_more_ = held_takes_plain_ = false; }

  static constexpr uint32_t held_capacity = 16384;
  bool held_takes_more_ = false;
  bool held_takes_plain_ = false;
  uint16_t held_sends_ = 0;    // since something is held
  uint16_t looks_at_age_ = 0;  // before as many as this are added send() looks how old the first is
  uint32_t held_size_ = 0;
  uint8_t* held_ = nullptr;
  ReadBuffer buffer_;
};

}  // namespace posix_sockets
