// Walks every socket option through values, lengths and states and prints what each call gave, one line a call. Built and
// run three times; option_compare.py wants the lines of the guests to equal those of the kernel.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "option_walk.h"

namespace {

const Option options[] = {
#include "option_list.inc"
};

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
    } times[] = {{0, 0}, {1, 250000},  {0, 990000},  {100000, 0}, {0, 0},   {1, 0},         {-1, 0},
                 {2, 0}, {-1, 500000}, {3, 1000000}, {3, -1},     {-1, -1}, {LLONG_MAX, 0}, {4, 0}};
    for (const auto& time : times) {
      set_timeval(fd, option, time.seconds, time.us);
      get(fd, option);
    }
  } else if (option.form == Form::kept) {
    int usual = 0;
    socklen_t length = sizeof usual;
    (void)getsockopt(fd, option.level, option.number, &usual, &length);
    for (int value : {1, 0, 2, -1, 5, 255, 256, 65536, INT_MAX, INT_MIN}) {
      const int other = new_socket();
      set_int(other, option, value);
      if (value == usual && length == sizeof usual) get(other, option);
      close(other);
    }
  } else {
    for (int value : {1,    0,     2,     3,     -1,    5,      6,       7,       -2,      16,      64,
                      0x1c, 87,    88,    120,   121,   127,    128,     255,     256,     257,     1000,
                      2000, 32767, 32768, 65535, 65536, 100000, 1 << 20, 1 << 30, INT_MAX, INT_MIN, 0}) {
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
    if (option.form != Form::kept) get(fd, option);
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
  if (option.form != Form::kept) get(fd, option);
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
  const struct {
    const char* name;
    int type;
    int family;
  } kinds[] = {{"tcp4", SOCK_STREAM, AF_INET},
               {"tcp6", SOCK_STREAM, AF_INET6},
               {"udp4", SOCK_DGRAM, AF_INET},
               {"udp6", SOCK_DGRAM, AF_INET6},
               {"unix-stream", SOCK_STREAM, AF_UNIX},
               {"unix-datagram", SOCK_DGRAM, AF_UNIX},
               {"unix-packets", SOCK_SEQPACKET, AF_UNIX}};
  for (const auto& kind : kinds) {
    if (argc != 2 || strcmp(argv[1], kind.name) != 0) continue;
    type = kind.type;
    family = kind.family;
  }
  if (type == 0) {
    fprintf(stderr, "usage: conformance-options tcp4|tcp6|udp4|udp6|unix-stream|unix-datagram|unix-packets\n");
    return 2;
  }
#if !defined(__wasi__)
  // A guest is nobody special, so the kernel is asked as a program without privileges.
  if (geteuid() == 0 && setresuid(65534, 65534, 65534) != 0) stop("setresuid");
#endif
  for (const Option& option : options) {
    if (option.number < 0) {
      printf("unknown: %s %s\n", option.level_name, option.name);
    } else if (option.form == Form::refused) {
      walk_refused(option);
    } else if (family == AF_UNIX && option.level != SOL_SOCKET) {
      walk_lengths(option);
    } else {
      walk_values(option);
      walk_lengths(option);
      walk_states(option);
    }
  }
  return 0;
}
