// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the parts of the scripted host share.
#pragma once

#include <optional>

#include "world.h"

namespace scripted {

// Counts the call. The fault that it's to give, if any.
const Fault* fault(Call call);
// The same of those whose faults are plain errors: success if there is none.
Errno error_of(Call call);

posix_sockets::host::SourceId add_source(std::function<bool()> ready, uint64_t instant = UINT64_MAX);
// Makes the source if there is none yet.
posix_sockets::host::Source& source_of(posix_sockets::host::Source& source, const std::function<bool()>& ready);

uint16_t take_port();

// A program's model lives until the host object goes; what watches it may outlive that.
struct Object {
  Object() { ++world().live_objects; }
  ~Object() { --world().live_objects; }
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;
};

}  // namespace scripted

namespace posix_sockets::host::parts {

struct Options {
  uint64_t values[option_count] = {0, 7200000000000, 75000000000, 9, 64, 65536, 65536};
};

struct ConnectionModel : scripted::Object {
  std::shared_ptr<scripted::Pipe> in;
  std::shared_ptr<scripted::Pipe> out;
  SocketAddress local;
  SocketAddress remote;
  Options options;
};

struct TcpModel : scripted::Object {
  enum class State { fresh, bound, connecting, listening, failed };
  Family family = Family::ipv4;
  State state = State::fresh;
  SocketAddress local;
  SocketAddress remote;
  Options options;
  // Connecting:
  scripted::World::Attempt attempt;
  uint64_t done_at = 0;
  // Listening:
  struct Waiting {
    std::shared_ptr<scripted::Pipe> in;
    std::shared_ptr<scripted::Pipe> out;
    SocketAddress remote;
  };
  std::deque<Waiting> queue;
};

struct DatagramModel : scripted::Object {
  Family family = Family::ipv4;
  bool bound = false;
  bool open = false;
  bool connected = false;
  SocketAddress local;
  SocketAddress remote;
  Options options;
  std::deque<scripted::Datagram> queue;
};

struct LookupModel : scripted::Object {
  std::vector<SocketAddress> answer;
  size_t next = 0;
  uint64_t done_at = 0;
};

}  // namespace posix_sockets::host::parts

namespace scripted {

using posix_sockets::host::Option;
using posix_sockets::host::parts::Options;

posix_sockets::Result<uint64_t> get_option(const Options& options, Option option, Call call);
Errno set_option(Options& options, Option option, uint64_t value, Call call);

}  // namespace scripted
