// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "errno_name.h"

#include <cerrno>

namespace conformance {
namespace {

struct Name {
  int error;
  const char* text;
};

// Tokens rather than numbers: the guest's values are not Linux's.
constexpr Name names[] = {
#define NAME(e) {e, #e}
    NAME(EACCES),          NAME(EADDRINUSE),   NAME(EADDRNOTAVAIL),   NAME(EAFNOSUPPORT),
    NAME(EAGAIN),          NAME(EALREADY),     NAME(EBADF),           NAME(EBUSY),
    NAME(ECONNABORTED),    NAME(ECONNREFUSED), NAME(ECONNRESET),      NAME(EDEADLK),
    NAME(EDESTADDRREQ),    NAME(EEXIST),       NAME(EFAULT),          NAME(EHOSTUNREACH),
    NAME(EINPROGRESS),     NAME(EINTR),        NAME(EINVAL),          NAME(EIO),
    NAME(EISCONN),         NAME(EISDIR),       NAME(EMFILE),          NAME(EMSGSIZE),
    NAME(ENETUNREACH),     NAME(ENFILE),       NAME(ENOBUFS),         NAME(ENOENT),
    NAME(ENOMEM),          NAME(ENOPROTOOPT),  NAME(ENOSYS),          NAME(ENOTCONN),
    NAME(ENOTDIR),         NAME(ENOTSOCK),     NAME(ENOTTY),          NAME(EOPNOTSUPP),
    NAME(EPERM),           NAME(EPIPE),        NAME(EPROTONOSUPPORT), NAME(EPROTOTYPE),
    NAME(ERANGE),          NAME(ESPIPE),       NAME(ETIMEDOUT),       NAME(EDOM),
    NAME(ELOOP),           NAME(EOVERFLOW),    NAME(ENODEV),          NAME(ENOSPC),
#ifdef ESOCKTNOSUPPORT
    NAME(ESOCKTNOSUPPORT),
#endif
#ifdef ENOTCAPABLE
    NAME(ENOTCAPABLE),
#endif
#undef NAME
};

}  // namespace

std::string errno_name(int error) {
  for (const Name& name : names) {
    if (name.error == error) return name.text;
  }
  return "errno " + std::to_string(error);
}

}  // namespace conformance
