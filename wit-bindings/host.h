// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The host, in the library's own words: streams, listeners, datagrams, look-ups, the clock, the standard streams, and sources of
// readiness. There is one implementation for each version of WASI, in a folder of its own (0.2/), chosen by what is linked; tests
// have another one, which is scripted.
//
// No call waits. "Not now" is EAGAIN, or a count of 0, and the source beside the operation tells when trying again is worth it.
// Errors are mapped to errno here and nowhere else. What only one version of WASI has, such as permits, pollables, budgets and
// start/finish pairs, stays below.
//
// Objects are move-only owners; empty ones own nothing and only take assignments. Assigning drops what was there, in the order that
// the host wants. Every source is forgotten by the wait sets that hold it when its object goes.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "support/address.h"
#include "support/result.h"

// What the implementation keeps in each of the objects below: host::parts::Source, ...
#include "host_parts.h"

namespace posix_sockets::host {

// Nanoseconds of the monotonic clock.
uint64_t now();

// Something that is ready or not: input, room, a connection, an answer, an instant. Level-triggered, and ready means that trying is
// worth it: what is tried may still turn out to be nothing. It's move-only, and has
//   explicit operator bool() const   whether there is one
//   SourceId id() const              what stands for it in a list to wait for
using parts::Source;

// What follows is for wait/ alone: nobody else waits. A list has the ids of `count` sources, and room for one more behind them, which
// the calls use and leave as it was. They write to `ready`, which has room for count + 1, the indices of those that are ready, and
// return how many there are.

// Called with each source that is about to go, if it's set: whoever has its id in a list must forget that.
extern void (*before_source_goes)(SourceId source);

// What is ready now of a list that isn't empty. A host may tell of some only, while others are ready, too.
size_t look(SourceId* sources, size_t count, uint32_t* ready);
// Sleeps until something is ready, or until an instant (UINT64_MAX: for ever), which is 0. What is ready then, or some of it.
constexpr uint64_t shortest_sleep = 1;  // an instant for which every host sleeps, as short as it can
size_t sleep(SourceId* sources, size_t count, uint64_t instant, uint32_t* ready);
// All that is ready now.
size_t look_at_all(SourceId* sources, size_t count, uint32_t* ready);
// After a sleep() that told of `told` of a list with several descriptors' sources: a host that tells of some only doesn't hide the
// others for ever.
size_t complete(SourceId* sources, size_t count, uint32_t* ready, size_t told);
// Of one source alone; takes the least time.
bool is_ready(SourceId source);
// After a "not now": whether that may only mean that the host had no turn to do its own work. Then it has had it, and trying again tells
// the truth. Mostly false, without a call. `needs_budget`: some hosts count what is tried, as they do accepting, and not reading.
// `suspends`: in any case, by the shortest sleep.
bool give_turn(bool needs_budget, bool suspends);

// Ready from an instant on.
class Timer {
 public:
  void set(uint64_t instant);
  uint64_t instant() const { return part.instant; }
  Source& source();
  // Frees what the host has for it.
  void clear() { part.source.reset(); }
  parts::Timer part;
};

// What a call on one direction of a connection said: `count` bytes, or that the direction is over.
struct StreamResult {
  size_t count = 0;   // 0: not now
  bool over = false;  // nothing more comes, or can go
  Errno error;  // why; success: in order. ECONNRESET, also if the host says no cause, EPIPE, ETIMEDOUT, EHOSTUNREACH
};

// Options that the host keeps, by their meaning. Durations in nanoseconds, sizes in bytes, switches 0 or 1.
// EINVAL: not a value of it; EOPNOTSUPP: the host has none of that kind; ENOPROTOOPT: there is none of that kind of socket.
enum class Option : uint8_t {
  keep_alive,
  keep_alive_idle_time,
  keep_alive_interval,
  keep_alive_count,
  hop_limit,
  receive_buffer_size,
  send_buffer_size,
};
constexpr int option_count = 7;

class Connecting;
class Connection;
class Listener;

// A TCP socket that is neither connected nor listening.
class TcpSocket {
 public:
  explicit operator bool() const { return static_cast<bool>(part); }
  // EAFNOSUPPORT, EACCES (no network was granted), EMFILE, ENOMEM.
  static Result<TcpSocket> create(Family family);
  // At most once. EAGAIN: not yet, the same call again. EADDRINUSE, EADDRNOTAVAIL, EACCES, EAFNOSUPPORT.
  Errno bind(const SocketAddress& address);
  Result<SocketAddress> local_address() const;  // EINVAL: it isn't bound
  Result<uint64_t> option(Option option) const;
  Errno set_option(Option option, uint64_t value);
  // Success: the socket has gone into the result. Else it stays what it was, though the host may not take another attempt.
  // EADDRINUSE, EADDRNOTAVAIL, EINVAL, EHOSTUNREACH and so on: known at once.
  Result<Connecting> connect(const SocketAddress& remote);
  // The same. EAGAIN: not yet, the same call again. EADDRINUSE; EINVAL after that. `backlog`: connections, 1 or more.
  Result<Listener> listen(uint64_t backlog);
  Source& progress();  // of bind and listen
  parts::TcpSocket part;
};

// A connect under way.
class Connecting {
 public:
  explicit operator bool() const { return static_cast<bool>(part); }
  // Success: the socket has gone into the result, and its source with it. EAGAIN: still under way. ECONNREFUSED, ETIMEDOUT,
  // EHOSTUNREACH, ECONNRESET ...: failed, for good.
  Result<Connection> finish();
  Result<SocketAddress> local_address() const;
  Source& finished();
  parts::TcpSocket part;
};

// An established connection, both its directions.
class Connection {
 public:
  explicit operator bool() const { return static_cast<bool>(part); }
  // At most `size` > 0 bytes.
  StreamResult read(void* buffer, size_t size);
  // How many bytes a write takes now. A write right after that asks no more; and it takes as many, if room_is_promised.
  StreamResult room();
  // Takes what there is room for of `size` > 0 bytes: 65536 at the most.
  StreamResult write(const void* data, size_t size);
  // The end follows what was written.
  void end_sending();
  // ENOTCONN: the connection is over, as far as the kernel is concerned.
  Result<SocketAddress> local_address() const;
  Result<SocketAddress> remote_address() const;
  Result<uint64_t> option(Option option) const;
  Errno set_option(Option option, uint64_t value);
  Source& readable();
  Source& writable();
  parts::Connection part;
};

class Listener {
 public:
  explicit operator bool() const { return static_cast<bool>(part); }
  // EAGAIN: nobody is waiting. ECONNABORTED, ECONNRESET: the next one is gone already. EMFILE, ENOMEM.
  Result<Connection> accept();
  void set_backlog(uint64_t backlog);  // a hint
  Result<SocketAddress> local_address() const;
  Result<uint64_t> option(Option option) const;
  Errno set_option(Option option, uint64_t value);
  Source& acceptable();
  parts::TcpSocket part;
};

constexpr size_t max_datagram_size = 65535;

struct OutgoingDatagram {
  const void* data;
  size_t size;
  const SocketAddress* address;  // null: the peer
};
// Takes one received datagram; the data are gone after the call.
using TakeDatagram = void (*)(void* context, const uint8_t* data, size_t size, const SocketAddress& source);

class DatagramSocket {
 public:
  explicit operator bool() const { return static_cast<bool>(part); }
  static Result<DatagramSocket> create(Family family);  // as TcpSocket::create
  // At most once; binding has no asynchronous part. Errors as TcpSocket::bind.
  Errno bind(const SocketAddress& address);
  // Of a bound one: to talk to `remote` alone, or to anybody if it is null. What had arrived is lost. ENETUNREACH.
  Errno connect(const SocketAddress* remote);
  // Whether it can receive and send: the last connect() succeeded. Only then may these, room() and the sources be asked for.
  bool is_open() const { return part.is_open(); }
  Result<SocketAddress> local_address() const;
  Result<uint64_t> option(Option option) const;
  Errno set_option(Option option, uint64_t value);
  // At most `most` datagrams, each given to `take`; their number. The host answers into `buffer` of receive_room bytes. EAGAIN: there is
  // none. Else the answer to something sent before: ECONNREFUSED, EHOSTUNREACH ...
  static constexpr size_t receive_room = max_datagram_size + 256;
  Result<size_t> receive(void* buffer, size_t most, TakeDatagram take, void* context);
  // The same of one that has just said EAGAIN, when nobody is going to wait for readable(): some hosts show only there that what was sent
  // before is refused, and to find that out takes more calls.
  Result<size_t> look_closer(void* buffer, TakeDatagram take, void* context);
  // How many were taken of `count` <= most_at_once. EAGAIN: none now. Else why the first one can't go: ENETUNREACH, ECONNREFUSED ...
  static constexpr size_t most_at_once = 16;
  Result<size_t> send(const OutgoingDatagram* list, size_t count);
  // Whether a send would be taken: success, EAGAIN, or the error that it would tell.
  Errno room();
  Source& readable();
  Source& writable();
  parts::DatagramSocket part;
};

// A look-up of a name by the host.
class Lookup {
 public:
  enum class Status : uint8_t { found, finished, pending, no_such_name, try_again, failed, out_of_memory, refused };
  // Starts; any status but `pending` is the answer. `refused`: no look-up was granted, or something else, which `error` tells.
  Status start(const char* name, size_t length);
  Status next(SocketAddress& address);
  Errno error;
  Source& answered();
  parts::Lookup part;
};

// The guest's standard input, read past libc.
class StandardInput {
 public:
  // `error` doesn't say more than that it's over.
  StreamResult read(void* buffer, size_t size);
  Source& readable();
  parts::StandardInput part;
};

// Tries again what libc said EIO of: how many bytes of the first piece were written after all, more than 0; or EPIPE: nobody reads any more; EIO.
enum class StandardOutput : uint8_t { output, error };
Result<size_t> write_again(StandardOutput which, const iovec* vector, int count);

// The program's end. main() returned `status`, which the start code hands on; a host that only knows success and failure is told more.
void note_status(int status);
// exit() or _Exit(), of 0 to 255: the last that is done. Returns if libc is to end the guest.
void end(int status);

}  // namespace posix_sockets::host
