// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "wit-bindings/0.2/errno_of.h"

namespace posix_sockets {
namespace {

// In the order of network.error-code.
constexpr int table[] = {
    EIO,            // unknown
    EACCES,         // access-denied
    EOPNOTSUPP,     // not-supported
    EINVAL,         // invalid-argument
    ENOMEM,         // out-of-memory
    ETIMEDOUT,      // timeout
    EALREADY,       // concurrency-conflict: an operation is under way
    EINVAL,         // not-in-progress
    EAGAIN,         // would-block
    EINVAL,         // invalid-state
    EMFILE,         // new-socket-limit
    EADDRNOTAVAIL,  // address-not-bindable
    EADDRINUSE,     // address-in-use
    EHOSTUNREACH,   // remote-unreachable
    ECONNREFUSED,   // connection-refused
    ECONNRESET,     // connection-reset
    ECONNABORTED,   // connection-aborted
    EMSGSIZE,       // datagram-too-large
    ENOENT,         // name-unresolvable: names/ maps these three to EAI_ codes itself
    EAGAIN,         // temporary-resolver-failure
    EIO,            // permanent-resolver-failure
};
static_assert(sizeof table / sizeof table[0] == wasi::error_code_count);

}  // namespace

Errno errno_of(wasi::ErrorCode code) { return table[static_cast<int>(code)]; }

Errno errno_of_answer(wasi::ErrorCode code) {
  if (code == wasi::ErrorCode::not_supported) return ENOPROTOOPT;            // protocol unreachable
  return code == wasi::ErrorCode::unknown ? Errno(EPROTO) : errno_of(code);  // parameter problem
}

Errno errno_of_new_socket(wasi::ErrorCode code) {
  if (code == wasi::ErrorCode::unknown) return EMFILE;
  return code == wasi::ErrorCode::not_supported ? Errno(EAFNOSUPPORT) : errno_of(code);
}

Errno errno_of_bind(const wasi::raw::ResultUnit& result) {
  if (result.is_error == 0) return success;
  const wasi::ErrorCode code = wasi::error_code(result.error);
  // The family was checked before: what is left for invalid-argument is an address that can't be a local one.
  return code == wasi::ErrorCode::invalid_argument ? Errno(EADDRNOTAVAIL) : errno_of(code);
}

}  // namespace posix_sockets
