// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// wasi:io: pollables and streams as typed handles.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "wit-bindings/0.2/drops.h"
#include "wit-bindings/host.h"

namespace wasi {

inline void (*&before_pollable_drop)(RawHandle pollable) = posix_sockets::host::before_source_goes;

using posix_sockets::host::parts::drop_pollable;

// resource pollable. Must be dropped before the resource it watches: hold it in a member declared after that one.
using Pollable = posix_sockets::host::Source;

// poll: blocks until at least one of `count` > 0 pollables is ready.
// Writes the indices of the ready ones to `ready`, which has room for `count` of them; returns how many there are.
size_t poll(const RawHandle* pollables, size_t count, uint32_t* ready);

// How a stream call ended.
enum class StreamStatus : uint8_t {
  ok,
  closed,  // the stream's regular end
  // last-operation-failed. The cause is only in the error's debug string, which spells the same event in several ways.
  connection_reset,
  broken_pipe,
  timed_out,
  unreachable,
  failed,
};

struct StreamResult {
  StreamStatus status;
  uint64_t value;  // bytes read, or the permit of check-write
};

// pollable.ready, of one handle of such a list: whether it is ready now, as far as the host has noticed.
bool is_ready(RawHandle pollable);

// resource input-stream.
class InputStream : public Handle<raw::wps_input_stream_drop> {
 public:
  using Handle::Handle;
  // read: at most `size` > 0 bytes, without waiting; 0 bytes with status ok means that nothing is there yet.
  StreamResult read(void* buffer, size_t size);
  Pollable subscribe() const;
};

// resource output-stream.
class OutputStream : public Handle<raw::wps_output_stream_drop> {
 public:
  using Handle::Handle;
  // check-write: how many bytes the next write may carry; 0: not now.
  StreamResult check_write();
  // write: takes all `size` bytes. Traps unless `size` is within the permit of the check_write just before; any non-empty
  // write uses the permit up.
  StreamStatus write(const void* data, size_t size);
  Pollable subscribe() const;
};

}  // namespace wasi
