// The calls of the walk over all socket options, and how their results are printed.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <stdarg.h>

#include "option_walk.h"

int family;
int type;

namespace {

char where[160];

const char* error_name(int error) {
  switch (error) {
    case EACCES:
      return "EACCES";
    case EADDRNOTAVAIL:
      return "EADDRNOTAVAIL";
    case EBUSY:
      return "EBUSY";
    case ECONNREFUSED:
      return "ECONNREFUSED";
    case ECONNRESET:
      return "ECONNRESET";
    case EDOM:
      return "EDOM";
    case EFAULT:
      return "EFAULT";
    case EINVAL:
      return "EINVAL";
    case EISCONN:
      return "EISCONN";
    case ENODATA:
      return "ENODATA";
    case ENODEV:
      return "ENODEV";
    case ENOENT:
      return "ENOENT";
    case ENOMEM:
      return "ENOMEM";
    case ENOPROTOOPT:
      return "ENOPROTOOPT";
    case ENOTCONN:
      return "ENOTCONN";
    case EOPNOTSUPP:
      return "EOPNOTSUPP";
    case EPIPE:
      return "EPIPE";
    case EPERM:
      return "EPERM";
    default:
      break;
  }
  static char text[24];
  snprintf(text, sizeof text, "errno %d", error);
  return text;
}

bool is(const Option& option, int level, int number) { return option.level == level && option.number == number; }

template <class T>
T as(const void* value) {
  T result;
  memcpy(&result, value, sizeof result);
  return result;
}

void print_linger(const linger& value) {
  // The kernel keeps the interval in ticks: what it gives back for a huge one depends on its configuration.
  if (value.l_linger < 0 || value.l_linger > 1000000) {
    printf("{%d, huge}", value.l_onoff);
  } else {
    printf("{%d, %d}", value.l_onoff, value.l_linger);
  }
}

const char* owner(long id, long own, long none, const char* none_name) {
  if (id == own) return "own";
  return id == none ? none_name : "?";
}

void print_credentials(const ucred& peer) {
  printf("{%s, %s, %s}", owner(peer.pid, getpid(), 0, "0"), owner(peer.uid, getuid(), uid_t(-1), "-1"),
         owner(peer.gid, getgid(), gid_t(-1), "-1"));
}

const char* name_of_type(int number) {
  if (number == SOCK_STREAM) return "SOCK_STREAM";
  if (number == SOCK_DGRAM) return "SOCK_DGRAM";
  return number == SOCK_SEQPACKET ? "SOCK_SEQPACKET" : "?";
}

const char* name_of_family(int number) {
  if (number == AF_INET) return "AF_INET";
  if (number == AF_INET6) return "AF_INET6";
  return number == AF_UNIX ? "AF_UNIX" : "?";
}

// Whether the kernel's figure is a matter of its configuration: a largest buffer, or half of it.
bool is_much(const Option& option, int number) {
  if (is(option, SOL_SOCKET, SO_RCVLOWAT)) return type == SOCK_STREAM && number >= 1 << 20;
  const bool size = is(option, SOL_SOCKET, SO_RCVBUF) || is(option, SOL_SOCKET, SO_SNDBUF);
  return family == AF_UNIX && number >= 425984 && size;
}

void print_number(const Option& option, int number) {
  if (is(option, SOL_SOCKET, SO_TYPE)) {
    printf("%s", name_of_type(number));
  } else if (is(option, SOL_SOCKET, SO_DOMAIN)) {
    printf("%s", name_of_family(number));
  } else if (is(option, SOL_SOCKET, SO_ERROR)) {
    printf("%s", number == 0 ? "0" : error_name(number));
  } else if (is_much(option, number)) {
    printf("much");
  } else {
    printf("%d", number);
  }
}

// The value as text. Values whose numbers differ between the systems by name.
void print_value(const Option& option, const void* value, socklen_t length) {
  if (option.form == Form::linger && length == sizeof(linger)) {
    print_linger(as<linger>(value));
  } else if (option.form == Form::credentials && length == sizeof(ucred)) {
    print_credentials(as<ucred>(value));
  } else if (option.form == Form::timeval && length == sizeof(timeval)) {
    const timeval t = as<timeval>(value);
    // The kernel keeps ticks here, too, and a tick is between 1 and 10 ms.
    printf("{%lld, %ld ms}", static_cast<long long>(t.tv_sec), static_cast<long>(t.tv_usec / 10000 * 10));
  } else if (length == sizeof(int)) {
    print_number(option, as<int>(value));
  } else if (is(option, SOL_SOCKET, SO_TYPE) || is(option, SOL_SOCKET, SO_DOMAIN)) {
    printf("%u bytes", length);
  } else {
    printf("bytes");
    for (socklen_t i = 0; i < length; ++i) printf(" %02x", static_cast<const unsigned char*>(value)[i]);
  }
}

}  // namespace

void stop(const char* what) {
  fprintf(stderr, "%s: %s\n", what, strerror(errno));
  exit(1);
}

int new_socket() {
  const int fd = socket(family, type, 0);
  if (fd < 0) stop("socket");
  return fd;
}

void set_where(const char* state, const Option& option) {
  const char* kind = type == SOCK_STREAM  ? "stream AF_UNIX"
                     : type == SOCK_DGRAM ? "datagram AF_UNIX"
                                          : "packets AF_UNIX";
  if (family == AF_INET) kind = type == SOCK_STREAM ? "TCP IPv4" : "UDP IPv4";
  if (family == AF_INET6) kind = type == SOCK_STREAM ? "TCP IPv6" : "UDP IPv6";
  snprintf(where, sizeof where, "%s %s: %s %s", kind, state, option.level_name, option.name);
}

void begin(const char* format, ...) {
  printf("%s ", where);
  va_list arguments;
  va_start(arguments, format);
  vprintf(format, arguments);
  va_end(arguments);
  printf(" = ");
}

void get_into(int fd, const Option& option, const char* what, void* value, socklen_t* length) {
  const socklen_t room = length != nullptr ? *length : 0;
  const int result = getsockopt(fd, option.level, option.number, value, length);
  begin("%s", what);
  if (result != 0) {
    printf("%s\n", error_name(errno));
    return;
  }
  if (length != nullptr && *length != room && option.form != Form::connection) printf("length %u ", *length);
  if (option.form == Form::connection && value != nullptr && length != nullptr && *length != 0) {
    // Whether the peer has acknowledged an end yet is a matter of time.
    const int state = *static_cast<const unsigned char*>(value);
    printf("state %d", state == TCP_FIN_WAIT1 ? TCP_FIN_WAIT2 : state);
  } else if (value != nullptr && length != nullptr) {
    print_value(option, value, *length);
  }
  printf("\n");
}

void get(int fd, const Option& option, const char* what) {
  unsigned char value[16] = {};
  socklen_t length = option.form == Form::timeval       ? sizeof(timeval)
                     : option.form == Form::linger      ? sizeof(linger)
                     : option.form == Form::credentials ? sizeof(ucred)
                                                        : sizeof(int);
  get_into(fd, option, what, value, &length);
}

void outcome(int result) { printf("%s\n", result == 0 ? "0" : error_name(errno)); }

void set_int(int fd, const Option& option, int value) {
  const int result = setsockopt(fd, option.level, option.number, &value, sizeof value);
  begin("set %d", value);
  outcome(result);
}

void set_linger(int fd, const Option& option, int on, int seconds) {
  const linger value = {on, seconds};
  const int result = setsockopt(fd, option.level, option.number, &value, sizeof value);
  begin("set {%d, %d}", on, seconds);
  outcome(result);
}

void set_timeval(int fd, const Option& option, long long seconds, long us) {
  timeval value = {};
  value.tv_sec = static_cast<decltype(value.tv_sec)>(seconds);
  value.tv_usec = static_cast<decltype(value.tv_usec)>(us);
  const int result = setsockopt(fd, option.level, option.number, &value, sizeof value);
  begin("set {%lld s, %ld us}", seconds, us);
  outcome(result);
}
