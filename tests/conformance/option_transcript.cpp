// Walks every socket option through values, lengths and states and prints what each call gave, one line a call. Built and
// run three times; option_compare.py wants the lines of the guests to equal those of the kernel.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <initializer_list>

#if !defined(__wasi__)
#include <linux/in6.h>
#endif

namespace {

enum class Form { boolean, integer, linger, timeval, refused };

struct Option {
  const char* level_name;
  const char* name;
  int level;
  int number;  // -1: these headers lack the name
  Form form;
};

const Option options[] = {
#include "option_list.inc"
};

bool stream;
int family;
char where[160];  // the state and the option, at the start of each line

[[noreturn]] void stop(const char* what) {
  fprintf(stderr, "%s: %s\n", what, strerror(errno));
  exit(1);
}

const char* error_name(int error) {
  switch (error) {
    case EACCES: return "EACCES";
    case EADDRNOTAVAIL: return "EADDRNOTAVAIL";
    case EBUSY: return "EBUSY";
    case EDOM: return "EDOM";
    case EFAULT: return "EFAULT";
    case EINVAL: return "EINVAL";
    case EISCONN: return "EISCONN";
    case ENODATA: return "ENODATA";
    case ENODEV: return "ENODEV";
    case ENOENT: return "ENOENT";
    case ENOMEM: return "ENOMEM";
    case ENOPROTOOPT: return "ENOPROTOOPT";
    case ENOTCONN: return "ENOTCONN";
    case EOPNOTSUPP: return "EOPNOTSUPP";
    case EPERM: return "EPERM";
    default: break;
  }
  static char text[24];
  snprintf(text, sizeof text, "errno %d", error);
  return text;
}

bool is(const Option& option, int level, int number) { return option.level == level && option.number == number; }

// The value as text. Values whose numbers differ between the systems by name.
void print_value(const Option& option, const void* value, socklen_t length) {
  int number = 0;
  if (option.form == Form::linger && length == sizeof(linger)) {
    linger l;
    memcpy(&l, value, sizeof l);
    // The kernel keeps the interval in ticks: what it gives back for a huge one depends on its configuration.
    if (l.l_linger < 0 || l.l_linger > 1000000) {
      printf("{%d, huge}", l.l_onoff);
    } else {
      printf("{%d, %d}", l.l_onoff, l.l_linger);
    }
  } else if (option.form == Form::timeval && length == sizeof(timeval)) {
    timeval t;
    memcpy(&t, value, sizeof t);
    // The kernel keeps ticks here, too, and a tick is between 1 and 10 ms.
    printf("{%lld, %ld ms}", static_cast<long long>(t.tv_sec), static_cast<long>(t.tv_usec / 10000 * 10));
  } else if (length == sizeof number) {
    memcpy(&number, value, sizeof number);
    if (is(option, SOL_SOCKET, SO_TYPE)) {
      printf("%s", number == SOCK_STREAM ? "SOCK_STREAM" : number == SOCK_DGRAM ? "SOCK_DGRAM" : "?");
    } else if (is(option, SOL_SOCKET, SO_DOMAIN)) {
      printf("%s", number == AF_INET ? "AF_INET" : number == AF_INET6 ? "AF_INET6" : "?");
    } else if (is(option, SOL_SOCKET, SO_ERROR)) {
      printf("%s", number == 0 ? "0" : error_name(number));
    } else if (is(option, SOL_SOCKET, SO_RCVLOWAT) && stream && number >= 1 << 20) {
      printf("much");  // the kernel stops at half of its largest buffer, which is a matter of configuration
    } else {
      printf("%d", number);
    }
  } else if (is(option, SOL_SOCKET, SO_TYPE) || is(option, SOL_SOCKET, SO_DOMAIN)) {
    printf("%u bytes", length);
  } else {
    printf("bytes");
    for (socklen_t i = 0; i < length; ++i) printf(" %02x", static_cast<const unsigned char*>(value)[i]);
  }
}

void begin(const char* format, ...) __attribute__((format(printf, 1, 2)));
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
  if (length != nullptr && *length != room) printf("length %u ", *length);
  if (value != nullptr && length != nullptr) print_value(option, value, *length);
  printf("\n");
}

void get(int fd, const Option& option, const char* what = "get") {
  unsigned char value[16] = {};
  socklen_t length = option.form == Form::timeval ? sizeof(timeval) : option.form == Form::linger ? sizeof(linger) : sizeof(int);
  get_into(fd, option, what, value, &length);
}

void outcome(int result) { printf("%s\n", result == 0 ? "0" : error_name(errno)); }

void set_int(int fd, const Option& option, int value, const char* text = nullptr) {
  const int result = setsockopt(fd, option.level, option.number, &value, sizeof value);
  char number[16];
  snprintf(number, sizeof number, "%d", value);
  begin("set %s", text != nullptr ? text : number);
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

// One valid value other than the default.
void set_something(int fd, const Option& option) {
  if (option.form == Form::linger) {
    set_linger(fd, option, 1, 0);
  } else if (option.form == Form::timeval) {
    set_timeval(fd, option, 7, 0);
  } else {
    set_int(fd, option, 1);
  }
}

int new_socket() {
  const int fd = socket(family, stream ? SOCK_STREAM : SOCK_DGRAM, 0);
  if (fd < 0) stop("socket");
  return fd;
}

socklen_t loopback(sockaddr_storage& address) {
  memset(&address, 0, sizeof address);
  if (family == AF_INET) {
    auto& in = reinterpret_cast<sockaddr_in&>(address);
    in.sin_family = AF_INET;
    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return sizeof in;
  }
  auto& in6 = reinterpret_cast<sockaddr_in6&>(address);
  in6.sin6_family = AF_INET6;
  in6.sin6_addr.s6_addr[15] = 1;
  return sizeof in6;
}

void bind_loopback(int fd) {
  sockaddr_storage address;
  const socklen_t length = loopback(address);
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), length) != 0) stop("bind");
}

void connect_to(int fd, int target) {
  sockaddr_storage address;
  socklen_t length = sizeof address;
  if (getsockname(target, reinterpret_cast<sockaddr*>(&address), &length) != 0) stop("getsockname");
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), length) != 0) stop("connect");
}

void set_where(const char* state, const Option& option) {
  snprintf(where, sizeof where, "%s IPv%c %s: %s %s", stream ? "TCP" : "UDP", family == AF_INET ? '4' : '6', state,
           option.level_name, option.name);
}

void walk_values(const Option& option) {
  const int fd = new_socket();
  set_where("values", option);
  get(fd, option, "default");
  if (option.form == Form::linger) {
    for (int on : {1, 0, 2, -1, 0}) {
      for (int seconds : {0, 5, 70000, INT_MAX, -1}) {
        set_linger(fd, option, on, seconds);
        get(fd, option);
      }
    }
  } else if (option.form == Form::timeval) {
    const struct {
      long long seconds;
      long us;
    } times[] = {{0, 0}, {1, 250000}, {0, 990000}, {100000, 0}, {0, 0}, {1, 0}, {-1, 0}, {2, 0}, {-1, 500000}, {3, 1000000},
                 {3, -1}, {-1, -1}, {LLONG_MAX, 0}, {4, 0}};
    for (const auto& time : times) {
      set_timeval(fd, option, time.seconds, time.us);
      get(fd, option);
    }
  } else {
    for (int value : {1, 0, 2, 3, -1, 5, 6, 7, -2, 16, 64, 0x1c, 87, 88, 120, 121, 127, 128, 255, 256, 257, 1000, 2000, 32767, 32768,
                      65535, 65536, 100000, 1 << 20, 1 << 30, INT_MAX, INT_MIN, 0}) {
      set_int(fd, option, value);
      get(fd, option);
    }
  }
  close(fd);
}

void walk_lengths(const Option& option) {
  set_where("lengths", option);
  for (int length : {0, 1, 2, 3, 4, 5, 7, 8, 12, 15, 16, 17, 32, -1, INT_MIN}) {
    const int fd = new_socket();
    const unsigned char value[32] = {1, 0, 0, 0, 0, 0, 0, 0};
    const int result = setsockopt(fd, option.level, option.number, value, static_cast<socklen_t>(length));
    begin("set of %d bytes", length);
    outcome(result);
    get(fd, option);
    close(fd);
  }
  int fd = new_socket();
  void* volatile null = nullptr;
  socklen_t* volatile no_length = nullptr;
  for (socklen_t length : {0, 1, 4, 16}) {
    const int result = setsockopt(fd, option.level, option.number, null, length);
    begin("set of NULL and %u", length);
    outcome(result);
  }
  get(fd, option);
  close(fd);
  fd = new_socket();
  for (int length : {0, 1, 2, 3, 4, 5, 7, 8, 12, 15, 16, 17, 32, -1, INT_MIN}) {
    unsigned char value[32];
    memset(value, 0x55, sizeof value);
    auto room = static_cast<socklen_t>(length);
    char what[24];
    snprintf(what, sizeof what, "get of %d bytes", length);
    get_into(fd, option, what, value, &room);
  }
  int value = 0;
  socklen_t length = sizeof value;
  get_into(fd, option, "get of NULL", null, &length);
  length = 0;
  get_into(fd, option, "get of NULL and 0", null, &length);
  get_into(fd, option, "get without a length", &value, no_length);
  close(fd);
}

void in_state(const char* state, int fd, const Option& option) {
  set_where(state, option);
  get(fd, option);
  set_something(fd, option);
  get(fd, option, "get again");
}

void walk_states(const Option& option) {
  const int bound = new_socket();
  bind_loopback(bound);
  in_state("bound", bound, option);
  const int other = new_socket();
  if (!stream) {
    connect_to(other, bound);
    in_state("connected", other, option);
    shutdown(other, SHUT_RDWR);
    in_state("shut down", other, option);
  } else {
    set_where("before connect", option);
    set_something(other, option);
    if (listen(bound, 5) != 0) stop("listen");
    in_state("listening", bound, option);
    connect_to(other, bound);
    in_state("connected", other, option);
    const int accepted = accept(bound, nullptr, nullptr);
    if (accepted < 0) stop("accept");
    in_state("accepted", accepted, option);
    shutdown(other, SHUT_WR);
    in_state("shut down", other, option);
    pollfd wait = {accepted, POLLIN, 0};
    if (poll(&wait, 1, 5000) != 1) stop("poll");
    in_state("half-closed by peer", accepted, option);
    close(accepted);
    wait.fd = other;
    if (poll(&wait, 1, 5000) != 1) stop("poll");
    char byte;
    if (recv(other, &byte, 1, 0) > 0) stop("recv");
    in_state("closed by both", other, option);
    close(other);
    // A port that was just given up refuses.
    const int refused = new_socket();
    sockaddr_storage address;
    socklen_t length = sizeof address;
    if (getsockname(bound, reinterpret_cast<sockaddr*>(&address), &length) != 0) stop("getsockname");
    close(bound);
    if (connect(refused, reinterpret_cast<sockaddr*>(&address), length) == 0) stop("connect that should be refused");
    in_state("connection refused", refused, option);
    close(refused);
    return;
  }
  close(bound);
  close(other);
}

// What is refused is refused whatever the value; option_compare.py only looks at what the guest says.
void walk_refused(const Option& option) {
  set_where("refusal", option);
  const int fd = new_socket();
  unsigned char value[256] = {};
  socklen_t length = sizeof value;
  const int got = getsockopt(fd, option.level, option.number, value, &length);
  begin("get");
  outcome(got);
  memset(value, 0, sizeof value);
  for (int byte : {1, 0}) {
    value[0] = static_cast<unsigned char>(byte);
    for (socklen_t size : {sizeof(int), sizeof value}) {
      const int set = setsockopt(fd, option.level, option.number, value, size);
      begin("set %d in %u bytes", byte, size);
      outcome(set);
    }
  }
  close(fd);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 || strlen(argv[1]) != 4) {
    fprintf(stderr, "usage: conformance-options tcp4|tcp6|udp4|udp6\n");
    return 2;
  }
  stream = argv[1][0] == 't';
  family = argv[1][3] == '4' ? AF_INET : AF_INET6;
#if !defined(__wasi__)
  // A guest is nobody special, so the kernel is asked as a program without privileges.
  if (geteuid() == 0 && setresuid(65534, 65534, 65534) != 0) stop("setresuid");
#endif
  for (const Option& option : options) {
    if (option.number < 0) {
      printf("unknown: %s %s\n", option.level_name, option.name);
    } else if (option.form == Form::refused) {
      walk_refused(option);
    } else {
      walk_values(option);
      walk_lengths(option);
      walk_states(option);
    }
  }
  return 0;
}
