// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The fake host's one table: resources, streams, futures, subtasks and sets.
#pragma once

#include "world.h"

namespace fake3 {

enum class Kind { set, subtask, stream_in, stream_out, stream_end, future, tcp, udp };

struct Thing {
  explicit Thing(Kind its_kind) : kind(its_kind) {}
  virtual ~Thing() = default;
  // The host's own work on what is under way. Nothing is under way: nothing.
  virtual void work() {}
  virtual bool is_busy() const { return false; }

  Kind kind;
  RawHandle set = 0;
  bool has_event = false;
  uint32_t event = 0;
  uint32_t payload = 0;
  void happened(wasi3::Event what, uint32_t result) {
    has_event = true;
    event = static_cast<uint32_t>(what);
    payload = result;
  }
};

RawHandle add(std::unique_ptr<Thing> thing);
Thing& get(RawHandle handle, Kind kind);
void drop(RawHandle handle, Kind kind);
template <class T>
T& get(RawHandle handle) {
  return static_cast<T&>(get(handle, T::its_kind));
}
// All that there is, by its index.
std::map<RawHandle, std::unique_ptr<Thing>>& things();

constexpr uint32_t completed(size_t count) { return static_cast<uint32_t>(count << 4); }
constexpr uint32_t dropped(size_t count) { return static_cast<uint32_t>(count << 4 | 1); }
constexpr uint32_t cancelled(size_t count) { return static_cast<uint32_t>(count << 4 | 2); }

// A call that isn't through at once. `work`: true when it is, and the result is written.
struct Subtask : Thing {
  static constexpr Kind its_kind = Kind::subtask;
  Subtask(RawHandle socket, std::function<bool()> does) : Thing(its_kind), borrowed(socket), step(std::move(does)) {}
  void work() override {
    if (resolved || !step()) return;
    resolved = true;
    happened(wasi3::Event::subtask, static_cast<uint32_t>(wasi3::Subtask::returned));
  }
  bool is_busy() const override { return !resolved; }
  RawHandle borrowed;  // the socket that it's about
  std::function<bool()> step;
  bool resolved = false;
};
// The result of an asynchronous call.
uint32_t call(RawHandle socket, std::function<bool()> step);

// Traps if a subtask is about it.
void check_not_borrowed(RawHandle socket);

// A stream's readable end in the guest.
struct StreamIn : Thing {
  static constexpr Kind its_kind = Kind::stream_in;
  // Takes what there is into the buffer of so many elements; nullopt: nothing yet.
  using Take = std::function<std::optional<uint32_t>(void* buffer, size_t size)>;
  explicit StreamIn(Take takes) : Thing(its_kind), take(std::move(takes)) {}
  uint32_t read(void* to, size_t count);
  uint32_t cancel();
  void work() override;
  bool is_busy() const override { return reading; }

  Take take;
  void* buffer = nullptr;
  size_t size = 0;
  bool reading = false;
  bool told_end = false;
};

// The writable end of a stream that the host reads.
struct StreamOut : Thing {
  static constexpr Kind its_kind = Kind::stream_out;
  StreamOut() : Thing(its_kind) {}
  uint32_t write(const void* from, size_t count);
  uint32_t cancel();
  std::optional<uint32_t> put(const void* from, size_t count);
  void work() override;
  bool is_busy() const override { return writing; }

  PeerPointer peer;
  const void* buffer = nullptr;
  size_t size = 0;
  bool writing = false;
  bool told_end = false;
};
// Its readable end, on the way to the host.
struct StreamEnd : Thing {
  static constexpr Kind its_kind = Kind::stream_end;
  explicit StreamEnd(RawHandle the_other) : Thing(its_kind), writable(the_other) {}
  RawHandle writable;
};

// How a stream ended; told once.
struct Future : Thing {
  static constexpr Kind its_kind = Kind::future;
  using Value = std::function<bool(wasi3::ResultUnit& result)>;  // false: not yet
  explicit Future(Value its_value) : Thing(its_kind), value(std::move(its_value)) {}
  uint32_t read(wasi3::ResultUnit* to);
  uint32_t cancel();
  void work() override;
  bool is_busy() const override { return reading; }

  Value value;
  wasi3::ResultUnit* result = nullptr;
  bool reading = false;
  bool told = false;
};

struct Tcp : Thing {
  static constexpr Kind its_kind = Kind::tcp;
  Tcp() : Thing(its_kind) {}
  enum class State { fresh, bound, connecting, connected, listening, failed } state = State::fresh;
  PeerPointer peer;
  SocketAddress local;
  bool receives = false;
  bool sends = false;
};
struct Udp : Thing {
  static constexpr Kind its_kind = Kind::udp;
  Udp() : Thing(its_kind) {}
  DatagramsPointer side = std::make_shared<Datagrams>();
  bool bound = false;
};

template <class Result>
void refuse(Result* result, ErrorCode code) {
  result->is_error = 1;
  result->error = {};
  result->error.code = code;
}
void called();

}  // namespace fake3
