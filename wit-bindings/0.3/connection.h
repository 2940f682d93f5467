// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A connection over WASI 0.3: two streams, what is under way on them, and how they ended.
//
// Input. A read tries the socket at once. Who waits leaves a short read under way, which lands with what has come; the rest is read
// straight to where the program wants it. Of a connection on which much comes it's a longer one.
// Output. A write goes to the kernel at once. What the kernel has no room for is begun: a few bytes of it stay under way, so
// that the guest hears of room. These count as written.
#pragma once

#include "support/result.h"
#include "wit-bindings/0.3/events.h"
#include "wit-bindings/host.h"

namespace posix_sockets::host::parts {

// What a stream's future says once the stream is over.
struct StreamEnd : Flight {
  using Read = uint32_t (*)(wasi3::RawHandle future, wasi3::ResultUnit* result);
  explicit StreamEnd(Read read) : Flight(landed), import(read) {}
  static void landed(Flight& flight, uint32_t) { static_cast<StreamEnd&>(flight).learn(); }
  // Asks for it. True: it's known.
  bool begin(wasi3::RawHandle future);
  void learn();
  // Once it's known: success, if it ended in order.
  Errno cause() const;

  Read import;
  bool over = false;   // the stream is, and the future was asked
  bool known = false;  // and has answered
  uint8_t code = 0;    // 0: in order; else an ErrorCode, plus 1
  wasi3::ResultUnit result = {};
};

struct Input : Flight, Watched {
  Input(wasi3::RawHandle its_stream, wasi3::RawHandle its_future);
  static void landed(Flight& flight, uint32_t result);

  static constexpr size_t small = 64;
  static constexpr size_t large = 4096;

  StreamResult read(void* buffer, size_t size);
  bool is_ready() const { return begin != end || stream_end.known; }
  // Leaves a read under way, unless there is something to take.
  void put_under_way();
  void drop();

  // What a read that didn't stay under way said.
  void note(uint32_t result, size_t asked);
  size_t take(void* buffer, size_t size);
  void give_room_back();

  Source source;
  wasi3::RawHandle stream;
  wasi3::RawHandle future;
  uint8_t* room = inline_room;
  uint16_t begin = 0;
  uint16_t end = 0;
  bool expects_more = true;   // the last read brought all that was asked for
  bool expects_much = false;  // the last short one did
  StreamEnd stream_end;
  uint8_t inline_room[small];
};

struct Output : Flight, Watched {
  Output(wasi3::RawHandle its_stream, wasi3::RawHandle its_future);
  static void landed(Flight& flight, uint32_t result);

  static constexpr size_t most_begun = 16;

  StreamResult write(const void* data, size_t size);
  bool is_ready() const { return !is_under_way() && !(stream_end.over && !stream_end.known); }
  bool is_free();
  // What is begun goes on.
  void go_on();
  size_t begin_rest(const uint8_t* rest, size_t size);
  void learn_why();
  void end_sending();
  void drop();

  Source source;
  wasi3::RawHandle stream;  // 0: ended
  wasi3::RawHandle future;
  uint8_t begin = 0;
  uint8_t end = 0;
  bool ends = false;  // when what is begun has gone
  StreamEnd stream_end;
  uint8_t begun[most_begun];
};

struct ConnectionState {
  ConnectionState(wasi3::RawHandle its_socket, wasi3::StreamAndFuture in, wasi3::RawHandle out,
                  wasi3::RawHandle out_end)
      : socket(its_socket), input(in.stream, in.future), output(out, out_end) {}

  wasi3::RawHandle socket;
  Input input;
  Output output;
};

// Takes the socket of a connection, which is dropped if there is no memory.
Result<host::Connection> connect_streams(wasi3::RawHandle socket);

}  // namespace posix_sockets::host::parts
