// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "wit-bindings/0.2/errno_of.h"

#include "scene.h"
#include "support/deadline.h"

using posix_sockets::Deadline;
using posix_sockets::errno_of;

TEST_CASE("errno of every error code of wasi:sockets") {
  struct Row {
    ErrorCode code;
    int error;
  };
  const Row rows[] = {
      {ErrorCode::unknown, EIO},
      {ErrorCode::access_denied, EACCES},
      {ErrorCode::not_supported, EOPNOTSUPP},
      {ErrorCode::invalid_argument, EINVAL},
      {ErrorCode::out_of_memory, ENOMEM},
      {ErrorCode::timeout, ETIMEDOUT},
      {ErrorCode::concurrency_conflict, EALREADY},
      {ErrorCode::not_in_progress, EINVAL},
      {ErrorCode::would_block, EAGAIN},
      {ErrorCode::invalid_state, EINVAL},
      {ErrorCode::new_socket_limit, EMFILE},
      {ErrorCode::address_not_bindable, EADDRNOTAVAIL},
      {ErrorCode::address_in_use, EADDRINUSE},
      {ErrorCode::remote_unreachable, EHOSTUNREACH},
      {ErrorCode::connection_refused, ECONNREFUSED},
      {ErrorCode::connection_reset, ECONNRESET},
      {ErrorCode::connection_aborted, ECONNABORTED},
      {ErrorCode::datagram_too_large, EMSGSIZE},
      {ErrorCode::name_unresolvable, ENOENT},
      {ErrorCode::temporary_resolver_failure, EAGAIN},
      {ErrorCode::permanent_resolver_failure, EIO},
  };
  REQUIRE(std::size(rows) == wasi::error_code_count);
  for (const Row& row : rows) {
    CAPTURE(static_cast<int>(row.code));
    CHECK(errno_of(row.code).value() == row.error);
  }
}

TEST_CASE("deadline: far ones are never, and nothing overflows") {
  CHECK(Deadline::after(100, 50).instant == 150);
  CHECK(Deadline::after(UINT64_MAX - 10, 10).is_never());
  CHECK(Deadline::after(UINT64_MAX - 10, UINT64_MAX).is_never());
  CHECK(Deadline::after(1, UINT64_MAX).is_never());
  CHECK(Deadline{}.is_never());
}
