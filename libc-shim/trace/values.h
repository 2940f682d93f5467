// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Structures that calls take and fill in, decoded. Each is looked at only if its memory is the guest's; else its address shows.
#pragma once

#include <netdb.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>

#include "trace/line.h"

namespace posix_sockets::trace {

struct Address {
  const sockaddr* address;
  size_t length;
};
void put(Address address);

// The address and the length that a call fills in: "{...}, [16]"; "[28 => 16]" if the length changed.
class FilledAddress {
 public:
  FilledAddress(const sockaddr* address, const socklen_t* length);
  // After the call.
  void put(bool failed) const;

 private:
  const sockaddr* address_;
  const socklen_t* length_;
  socklen_t room_ = 0;
};
struct FilledAddressResult {
  const FilledAddress& address;
  bool failed;
};
inline void put(FilledAddressResult result) { result.address.put(result.failed); }

// An IPv4 or IPv6 address in quotes.
struct NumericAddress {
  int family;
  const void* bytes;
};
void put(NumericAddress address);

// What of the buffers holds data, of `bytes` in all.
struct Vector {
  const iovec* vector;
  long count;
  size_t bytes;
};
void put(Vector vector);

// A message; `bytes` of its buffers hold data. `received`: the name and the flags were filled in.
struct Message {
  const msghdr* message;
  size_t bytes;
  bool received;
};
void put(Message message);

struct TimeVal {
  const timeval* time;
};
void put(TimeVal value);
struct TimeSpec {
  const timespec* time;
};
void put(TimeSpec value);

// Members below `limit`: "[3 5]".
struct DescriptorSet {
  const fd_set* set;
  int limit;
};
void put(DescriptorSet set);

// An option by its names, "SOL_SOCKET, SO_ERROR", and its value.
struct OptionName {
  int level;
  int name;
};
void put(OptionName option);
struct OptionValue {
  int level;
  int name;
  const void* value;
  size_t length;
};
void put(OptionValue value);

}  // namespace posix_sockets::trace
