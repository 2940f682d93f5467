// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// ioctl.
#include <fcntl.h>
#include <limits.h>
#include <linux/sockios.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "api/entry.h"
#include "api/interface_request.h"
#include "api/owner.h"
#include "description/verbs.h"
#include "file/libc.h"
#include "udp/socket.h"

extern "C" {
int WPS_REAL(ioctl)(int, int, ...);
WPS_TAKE_FROM_LIBC(ioctl)
int WPS_ENTRY(fcntl)(int, int, ...);
}

namespace posix_sockets {
namespace {

// FIONREAD of a file: what is left behind the offset. Standard input isn't known until it is read through us.
Errno file_readable_bytes(int number, int libc_number, void* argument) {
  if (!accessible(argument, sizeof(int))) return EFAULT;
  if (libc_number == 0) {
    fd::take_over_standard_input(number);
    Description* input = fd::find(number);
    if (input == nullptr) return ENOMEM;
    Result<int> bytes = input->readable_bytes();
    if (!bytes.ok()) return bytes.error();
    *static_cast<int*>(argument) = bytes.value();
    return success;
  }
  struct stat status;
  if (libc::fstat(libc_number, &status) != 0) return errno;
  if (!S_ISREG(status.st_mode)) return ENOTTY;
  InsideLibc inside;
  const off_t offset = lseek(libc_number, 0, SEEK_CUR);
  if (offset < 0) return errno;
  const off_t left = status.st_size > offset ? status.st_size - offset : 0;
  *static_cast<int*>(argument) = left > INT_MAX ? INT_MAX : static_cast<int>(left);
  return success;
}

// There is no urgent data, so no mark is ever reached.
Errno at_mark(const Socket& socket, void* argument) {
  const bool local = socket.family() == Family::unix_domain;
  if (!socket.is_stream()) return local ? EOPNOTSUPP : ENOTTY;
  if (!accessible(argument, sizeof(int))) return EFAULT;
  *static_cast<int*>(argument) = 0;
  return success;
}

int64_t ns_since_1970() {
  timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return int64_t{now.tv_sec} * 1000000000 + now.tv_nsec;
}

// As the kernel's sock_gettstamp(): asking is what makes datagrams be stamped; one before that has the time of the question.
Errno tell_stamp(Socket& asked, bool precise, void* argument) {
  if (asked.type() != SocketType::datagram) return ENOENT;  // a connection has none
  auto& socket = static_cast<UdpSocket&>(asked);
  socket.stamp_clock = ns_since_1970;
  if (socket.stamp_ns < 0) return ENOENT;
  if (socket.stamp_ns == 0) socket.stamp_ns = ns_since_1970();
  if (!accessible(argument, sizeof(timespec))) return EFAULT;
  const auto seconds = static_cast<time_t>(socket.stamp_ns / 1000000000);
  const auto rest = static_cast<long>(socket.stamp_ns % 1000000000);
  if (precise)
    *static_cast<timespec*>(argument) = {seconds, rest};
  else
    *static_cast<timeval*>(argument) = {seconds, rest / 1000};
  return success;
}

// What sockets alone know.
Errno socket_request(Socket& socket, unsigned long request, void* argument) {
  switch (request) {
    case SIOCATMARK:
      return at_mark(socket, argument);
    case FIOGETOWN:
    case SIOCGPGRP:
      if (!accessible(argument, sizeof(int))) return EFAULT;
      *static_cast<int*>(argument) = owner_of(socket);
      return success;
    case FIOSETOWN:
    case SIOCSPGRP:
      if (!accessible(argument, sizeof(int))) return EFAULT;
      return set_owner(socket, *static_cast<int*>(argument));
    case SIOCGSTAMP:
    case SIOCGSTAMPNS:
      return socket.family() == Family::unix_domain ? Errno(ENOTTY)
                                                    : tell_stamp(socket, request == SIOCGSTAMPNS, argument);
    default:
      return interface_request(socket.family(), request, argument);
  }
}

Errno ioctl_ours(Description& description, unsigned long request, void* argument) {
  switch (request) {
    case FIONBIO: {
      if (!accessible(argument, sizeof(int))) return EFAULT;
      const bool nonblocking = *static_cast<int*>(argument) != 0;
      description.status_flags = (description.status_flags & ~O_NONBLOCK) | (nonblocking ? O_NONBLOCK : 0);
      return success;
    }
    case FIOASYNC:
      // No signal comes when there is input. Without an owner none would come on Linux, either.
      if (!accessible(argument, sizeof(int))) return EFAULT;
      if (as<Socket>(description) == nullptr) return ENOTTY;
      return description.owner == 0 || *static_cast<int*>(argument) == 0 ? success : Errno(ENOTTY);
    case FIONREAD:
    case TIOCOUTQ: {
      Result<int> bytes = request == FIONREAD ? verbs::readable_bytes(description) : verbs::unsent_bytes(description);
      // Nothing may mean that the host hasn't noticed yet.
      if (request == FIONREAD && bytes.ok() && bytes.value() == 0 && !description.in_process() &&
          gave_host_a_turn(false))
        bytes = verbs::readable_bytes(description);
      if (!bytes.ok()) return bytes.error();
      if (!accessible(argument, sizeof(int))) return EFAULT;
      *static_cast<int*>(argument) = bytes.value();
      return success;
    }
    default:
      return as<Socket>(description) != nullptr ? socket_request(*as<Socket>(description), request, argument)
                                                : description.unknown_request();
  }
}

}  // namespace
}  // namespace posix_sockets

using namespace posix_sockets;

extern "C" {

// ioctl(2) on sockets: FIONBIO, FIONREAD, TIOCOUTQ, FIOASYNC, SIOCATMARK, SIOCGSTAMP, SIOCGSTAMPNS, FIOGETOWN, FIOSETOWN and
// those of interfaces.
// Errors: EBADF; ENOTTY another request, and FIOASYNC with an owner, as no signal would come; EINVAL FIONREAD on a listener;
// EOPNOTSUPP SIOCATMARK on AF_UNIX packets; ENOENT SIOCGSTAMP before the first datagram; ESRCH an owner that isn't there; ENOMEM FIONREAD; ENODEV an interface that isn't there; EPERM
// changing one; EFAULT. Source: tcp(7), socket(7), netdevice(7).
int WPS_ENTRY(ioctl)(int number, int request, ...) {
  va_list arguments;
  va_start(arguments, request);
  void* argument = va_arg(arguments, void*);
  va_end(arguments);
  const fd::Target target = fd::resolve(number);
  if (!InsideLibc::active()) {
    // The descriptor's own flags.
    if (request == FIOCLEX || request == FIONCLEX) return report(fd::set_close_on_exec(number, request == FIOCLEX));
  }
  if (target.ours == nullptr) {
    if (!libc::is_open(target.libc)) return report(EBADF);
    if (request == FIONREAD) return report(file_readable_bytes(number, target.libc, argument));
    if (request == FIONBIO) {
      if (!accessible(argument, sizeof(int))) return report(EFAULT);
      return WPS_ENTRY(fcntl)(number, F_SETFL, *static_cast<int*>(argument) != 0 ? O_NONBLOCK : 0);
    }
    return WPS_REAL(ioctl)(target.libc, request, argument);
  }
  return report(ioctl_ours(*target.ours, static_cast<unsigned long>(request), argument));
}
}
