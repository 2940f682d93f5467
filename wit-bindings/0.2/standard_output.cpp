// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What became of a write to standard output that libc only knows to have failed.
#include "wit-bindings/0.2/raw.h"
#include "wit-bindings/0.2/stream_failure.h"
#include "wit-bindings/host.h"

namespace posix_sockets::host {

#if defined(__wasip2__)
namespace {

using Output = wasi::Handle<wasi::raw::wps_output_stream_drop>;

// The permit; 0: none, `failed` says if there is none for ever.
uint64_t check(const Output& output, bool& failed, Errno& cause) {
  wasi::raw::StreamResultOf<uint64_t> result = {};
  wasi::raw::wps_output_stream_check_write(output.borrow(), &result);
  failed = result.is_error != 0;
  if (!failed) return result.value;
  cause = stream_failure(result.error);
  return 0;
}

}  // namespace

// wasi-libc makes EIO of all that a stream says. What it was comes from trying again.
Result<size_t> write_again(StandardOutput which, const iovec* vector, int count) {
  while (count != 0 && vector->iov_len == 0) ++vector, --count;
  size_t size = count != 0 ? vector->iov_len : 0;
  const Output output(which == StandardOutput::output ? wasi::raw::wps_get_stdout() : wasi::raw::wps_get_stderr());
  bool failed = false;
  Errno cause = EIO;
  const uint64_t permit = check(output, failed, cause);
  if (permit < size) size = static_cast<size_t>(permit);
  if (size != 0) {
    wasi::raw::StreamResultUnit result = {};
    wasi::raw::wps_output_stream_write(output.borrow(), static_cast<const uint8_t*>(vector->iov_base), size, &result);
    failed = result.is_error != 0;
    if (failed) cause = stream_failure(result.error);
  }
  if (!failed) (void)check(output, failed, cause);  // what became of it
  if (!failed && size != 0) return size;
  const bool closed = failed && (cause.ok() || cause == EPIPE);
  return closed ? Errno(EPIPE) : Errno(EIO);
}
#else
// The adapter tells errors of files as they are, and EIO of a stream that has ended.
Result<size_t> write_again(StandardOutput, const iovec*, int) { return Errno(EPIPE); }
#endif

}  // namespace posix_sockets::host
