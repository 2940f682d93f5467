// The walk over all socket options: what its parts share.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <initializer_list>

#if defined(__wasi__)
#define SO_RCVTIMEO_OLD 20
#define SO_SNDTIMEO_OLD 21
#else
#include <linux/in6.h>
#endif

// kept: the default is read, and only it can be set in a guest.
enum class Form { boolean, integer, linger, timeval, credentials, connection, kept, refused };

struct Option {
  const char* level_name;
  const char* name;
  int level;
  int number;  // -1: these headers lack the name
  Form form;
};

// What is walked: sockets of one kind.
extern int family;
extern int type;

[[noreturn]] void stop(const char* what);
int new_socket();

// The state and the option, which begin each line from here on.
void set_where(const char* state, const Option& option);
// Begins a line, whose result follows.
void begin(const char* format, ...) __attribute__((format(printf, 1, 2)));
void outcome(int result);

void get(int fd, const Option& option, const char* what = "get");
void get_into(int fd, const Option& option, const char* what, void* value, socklen_t* length);
void set_int(int fd, const Option& option, int value);
void set_linger(int fd, const Option& option, int on, int seconds);
void set_timeval(int fd, const Option& option, long long seconds, long us);

// In option_states.cpp.
void walk_states(const Option& option);
