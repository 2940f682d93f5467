// builds: native wasi
// Clocks that can be waited for, sets of a size of one's own, and the limit of descriptors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

static struct timespec in_ms(int ms) {
  struct timespec time;
  CHECK(clock_gettime(CLOCK_MONOTONIC, &time) == 0);
  time.tv_nsec += ms * 1000000L;
  time.tv_sec += time.tv_nsec / 1000000000;
  time.tv_nsec %= 1000000000;
  return time;
}

static int is_past(const struct timespec* instant) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec != instant->tv_sec ? now.tv_sec > instant->tv_sec : now.tv_nsec >= instant->tv_nsec;
}

// Programs take 0 for "not set": libevent and others keep times in seconds so.
static void monotonic_clock(void) {
  struct timespec at = in_ms(0);
  CHECK(at.tv_sec > 5);

  at = in_ms(20);
  CHECK(!is_past(&at));
  CHECK(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) == 0);
  CHECK(is_past(&at));
  CHECK(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) == 0);
  const struct timespec start = {0, 1}, wrong = {1, 1000000000};
  CHECK(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &start, NULL) == 0);
  CHECK(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &wrong, NULL) == EINVAL);
  clock_gettime(CLOCK_REALTIME, &at);
  CHECK(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &at, NULL) == 0);
  ++at.tv_sec;
  CHECK(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &at, NULL) == 0);
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  CHECK(now.tv_sec > at.tv_sec || (now.tv_sec == at.tv_sec && now.tv_nsec >= at.tv_nsec));

  const int timer = timerfd_create(CLOCK_MONOTONIC, 0);
  CHECK(timer >= 0);
  at = in_ms(20);
  const struct itimerspec once = {{0, 0}, at}, past = {{0, 0}, start};
  CHECK(timerfd_settime(timer, TFD_TIMER_ABSTIME, &once, NULL) == 0);
  struct pollfd entry = {timer, POLLIN, 0};
  CHECK(poll(&entry, 1, 0) == 0);
  CHECK(poll(&entry, 1, 5000) == 1 && is_past(&at));
  CHECK(timerfd_settime(timer, TFD_TIMER_ABSTIME, &past, NULL) == 0);
  CHECK(poll(&entry, 1, 5000) == 1);
  uint64_t count;
  CHECK(read(timer, &count, sizeof count) == sizeof count && count == 1);
  close(timer);
}

// As libevent and others make sets: of as many masks as the highest number needs.
static void own_sets(void) {
  enum { pairs = 40 };
  int numbers[pairs][2], highest = 0;
  for (int i = 0; i < pairs; ++i) {
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, numbers[i]) == 0);
    if (numbers[i][1] > highest) highest = numbers[i][1];
  }
  const size_t size = (highest + NFDBITS) / NFDBITS * sizeof(fd_mask);
  fd_set* set = calloc(1, size);
  for (int i = 0; i < pairs; ++i) {
    FD_SET(numbers[i][0], set);
    FD_SET(numbers[i][1], set);
  }
  fd_set* all = malloc(size);
  memcpy(all, set, size);
  CHECK(write(numbers[7][0], "x", 1) == 1);
  struct timeval none = {0, 0};
  CHECK(select(highest + 1, set, NULL, NULL, &none) == 1);
  CHECK(FD_ISSET(numbers[7][1], set) && !FD_ISSET(numbers[7][0], set));
  CHECK(select(highest + 1, NULL, all, NULL, &none) == 2 * pairs);
  CHECK(FD_ISSET(numbers[39][0], all));
  free(set);
  free(all);
  for (int i = 0; i < pairs; ++i) close(numbers[i][0]), close(numbers[i][1]);
}

static void descriptor_limit(const char* folder) {
  const int open_before = dup(0);
  const int high = fcntl(0, F_DUPFD, 90);
  CHECK(open_before >= 0 && high >= 90);
  struct rlimit limit, held;
  CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
  const rlim_t most = limit.rlim_max;
  limit.rlim_cur = open_before + 1;
  CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
  CHECK(getrlimit(RLIMIT_NOFILE, &held) == 0 && held.rlim_cur == limit.rlim_cur && held.rlim_max == most);
  CHECK(getdtablesize() == open_before + 1);
  FAILS(dup(0), EMFILE);
  FAILS(socket(AF_INET, SOCK_STREAM, 0), EMFILE);
  int pair[2];
  FAILS(pipe(pair), EMFILE);
  FAILS(open(folder, O_RDONLY | O_DIRECTORY), EMFILE);
  FAILS(dup2(0, open_before + 1), EBADF);
  FAILS(fcntl(0, F_DUPFD, open_before + 1), EINVAL);
  CHECK(dup2(0, open_before) == open_before);
  struct addrinfo *found, hints = {.ai_family = AF_INET};
  CHECK(getaddrinfo("localhost", "80", &hints, &found) == EAI_SYSTEM && errno == EMFILE);  // /etc/hosts may have it
  CHECK(fcntl(high, F_GETFD) >= 0);                                                        // what is open stays

  limit.rlim_cur = most;
  CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
  const int next = dup(0);
  CHECK(next > open_before);
  close(next);
  close(high);
  close(open_before);
}

int main(int count, char** arguments) {
  (void)count;
  monotonic_clock();
  own_sets();
  descriptor_limit(arguments[1]);
  return done();
}
