// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "trace/names.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>

#include "trace/line.h"

namespace posix_sockets::trace {

#define N(name) {static_cast<uint32_t>(name), #name}
#define END {0, nullptr}

const Name resolver_codes[] = {N(EAI_BADFLAGS),
                               N(EAI_NONAME),
                               N(EAI_AGAIN),
                               N(EAI_FAIL),
                               N(EAI_NODATA),
                               N(EAI_FAMILY),
                               N(EAI_SOCKTYPE),
                               N(EAI_SERVICE),
                               N(EAI_ADDRFAMILY),
                               N(EAI_MEMORY),
                               N(EAI_SYSTEM),
                               N(EAI_OVERFLOW),
                               END};
const Name host_errors[] = {
    N(NETDB_INTERNAL), N(NETDB_SUCCESS), N(HOST_NOT_FOUND), N(TRY_AGAIN), N(NO_RECOVERY), N(NO_DATA), END};
const Name families[] = {N(AF_UNSPEC), N(AF_INET),    N(AF_INET6),     N(AF_UNIX),
                         N(AF_PACKET), N(AF_NETLINK), N(AF_BLUETOOTH), END};
const Name types[] = {N(SOCK_STREAM), N(SOCK_DGRAM), N(SOCK_SEQPACKET), N(SOCK_RAW), N(SOCK_RDM), N(SOCK_PACKET), END};
const Name type_flags[] = {N(SOCK_NONBLOCK), N(SOCK_CLOEXEC), END};
const Name protocols[] = {N(IPPROTO_TCP),     N(IPPROTO_UDP),  N(IPPROTO_ICMP), N(IPPROTO_ICMPV6),
                          N(IPPROTO_UDPLITE), N(IPPROTO_SCTP), N(IPPROTO_RAW),  END};
const Name directions[] = {N(SHUT_RD), N(SHUT_WR), N(SHUT_RDWR), END};
const Name message_flags[] = {
    N(MSG_OOB),   N(MSG_PEEK),       N(MSG_DONTROUTE), N(MSG_CTRUNC),   N(MSG_TRUNC),        N(MSG_DONTWAIT),
    N(MSG_EOR),   N(MSG_WAITALL),    N(MSG_CONFIRM),   N(MSG_ERRQUEUE), N(MSG_NOSIGNAL),     N(MSG_MORE),
    N(MSG_BATCH), N(MSG_WAITFORONE), N(MSG_FASTOPEN),  N(MSG_ZEROCOPY), N(MSG_CMSG_CLOEXEC), END};
const Name open_flags[] = {N(O_RDWR), N(O_RDONLY), N(O_WRONLY), N(O_NONBLOCK), N(O_APPEND), N(O_SYNC), END};
const Name poll_events[] = {N(POLLIN),     N(POLLOUT), N(POLLPRI), N(POLLRDHUP), N(POLLRDBAND),
                            N(POLLWRBAND), N(POLLERR), N(POLLHUP), N(POLLNVAL),  END};
const Name epoll_events[] = {N(EPOLLIN),        N(EPOLLPRI),     N(EPOLLOUT),    N(EPOLLERR),
                             N(EPOLLHUP),       N(EPOLLRDNORM),  N(EPOLLRDBAND), N(EPOLLWRNORM),
                             N(EPOLLWRBAND),    N(EPOLLMSG),     N(EPOLLRDHUP),  N(EPOLLWAKEUP),
                             N(EPOLLEXCLUSIVE), N(EPOLLONESHOT), N(EPOLLET),     END};
const Name epoll_operations[] = {N(EPOLL_CTL_ADD), N(EPOLL_CTL_MOD), N(EPOLL_CTL_DEL), END};
const Name epoll_flags[] = {N(EPOLL_CLOEXEC), END};
const Name event_flags[] = {N(EFD_SEMAPHORE), N(EFD_NONBLOCK), N(EFD_CLOEXEC), END};
const Name timer_flags[] = {N(TFD_NONBLOCK), N(TFD_CLOEXEC), END};
const Name timer_set_flags[] = {N(TFD_TIMER_ABSTIME), N(TFD_TIMER_CANCEL_ON_SET), END};
const Name fcntl_commands[] = {N(F_DUPFD),      N(F_DUPFD_CLOEXEC), N(F_GETFD),  N(F_SETFD),
                               N(F_GETFL),      N(F_SETFL),         N(F_GETOWN), N(F_SETOWN),
                               N(F_GETPIPE_SZ), N(F_SETPIPE_SZ),    END};
const Name ioctl_requests[] = {N(FIONREAD), N(FIONBIO), N(FIONCLEX), N(FIOCLEX), N(SIOCATMARK), N(TIOCOUTQ), END};
const Name ai_flags[] = {N(AI_PASSIVE),  N(AI_CANONNAME), N(AI_NUMERICHOST), N(AI_NUMERICSERV),
                         N(AI_V4MAPPED), N(AI_ALL),       N(AI_ADDRCONFIG),  END};
const Name ni_flags[] = {N(NI_NUMERICHOST), N(NI_NUMERICSERV),  N(NI_NOFQDN), N(NI_NAMEREQD),
                         N(NI_DGRAM),       N(NI_NUMERICSCOPE), END};
const Name errnos[] = {N(EACCES),          N(EADDRINUSE),      N(EADDRNOTAVAIL), N(EAFNOSUPPORT),
                       N(EAGAIN),          N(EALREADY),        N(EBADF),         N(EBADMSG),
                       N(EBUSY),           N(ECANCELED),       N(ECONNABORTED),  N(ECONNREFUSED),
                       N(ECONNRESET),      N(EDEADLK),         N(EDESTADDRREQ),  N(EDOM),
                       N(EEXIST),          N(EFAULT),          N(EFBIG),         N(EHOSTUNREACH),
                       N(EINPROGRESS),     N(EINTR),           N(EINVAL),        N(EIO),
                       N(EISCONN),         N(EISDIR),          N(ELOOP),         N(EMFILE),
                       N(EMSGSIZE),        N(ENAMETOOLONG),    N(ENETDOWN),      N(ENETRESET),
                       N(ENETUNREACH),     N(ENFILE),          N(ENOBUFS),       N(ENODEV),
                       N(ENOENT),          N(ENOMEM),          N(ENOPROTOOPT),   N(ENOSPC),
                       N(ENOSYS),          N(ENOTCAPABLE),     N(ENOTCONN),      N(ENOTDIR),
                       N(ENOTSOCK),        N(EOPNOTSUPP),      N(ENOTTY),        N(ENXIO),
                       N(EOVERFLOW),       N(EPERM),           N(EPIPE),         N(EPROTO),
                       N(EPROTONOSUPPORT), N(EPROTOTYPE),      N(ERANGE),        N(EROFS),
                       N(ESHUTDOWN),       N(ESOCKTNOSUPPORT), N(ESPIPE),        N(ETIMEDOUT),
                       N(ETXTBSY),         N(EPFNOSUPPORT),    N(EHOSTDOWN),     END};

#undef END
#undef N

void put(Named number) {
  for (const Name* name = number.table; name->text != nullptr; ++name)
    if (name->value == static_cast<uint32_t>(number.value)) return put(name->text);
  put(number.value);
}

void put(Flags flags) {
  bool any = false;
  for (const Name* name = flags.table; name->text != nullptr; ++name) {
    if (name->value == 0 || (flags.value & name->value) != name->value) continue;
    if (any) put('|');
    put(name->text);
    any = true;
    flags.value &= ~name->value;
  }
  if (any && flags.value == 0) return;
  if (any) put('|');
  if (flags.value == 0) {
    put('0');
  } else {
    put(Hex{flags.value});
  }
}

void put(SocketTypes type) {
  constexpr int mask = SOCK_NONBLOCK | SOCK_CLOEXEC;
  put(Named{types, type.value & ~mask});
  if ((type.value & mask) == 0) return;
  put('|');
  put(Flags{type_flags, static_cast<uint32_t>(type.value & mask)});
}

}  // namespace posix_sockets::trace
