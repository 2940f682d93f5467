// A random walk over pipes, AF_UNIX sockets, eventfds and epoll sets: prints every call and what came of it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// descriptors FIRST:COUNT     of the seeds
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "walk.h"

using namespace conformance;

namespace {

constexpr int slots = 14;
constexpr int steps = 400;
constexpr int socket_types[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET};

enum Kind : unsigned { counter = 1, reader = 2, writer = 4, stream = 8, datagrams = 16, packets = 32, set = 64 };
constexpr unsigned any_socket = stream | datagrams | packets;
constexpr Kind socket_kinds[] = {stream, datagrams, packets};

class Walk : public Slots<slots> {
 public:
  using Slots::Slots;

  void step() {
    errno = 0;
    switch (random_.below(28)) {
      case 0:
        return make_counter();
      case 1:
        return make_pipe();
      case 2:
        return make_pair();
      case 3:
        return put("epoll", hold(epoll_create1(0), set));
      case 4:
      case 5:
      case 6:
        return send_some();
      case 7:
      case 8:
      case 9:
        return receive_some();
      case 10:
        if (random_.below(3) == 0) close_any();
        return;
      case 11:
        return shut_down();
      case 12:
        (void)duplicate_any();
        return;
      case 13:
      case 14:
        return poll_all();
      case 15:
      case 16:
      case 17:
        return control_one();
      case 18:
      case 19:
      case 20:
      case 21:
        return wait_some();
      case 22:
        return ask();
      case 23:
        return make_socket();
      case 24:
        return accept_one();
      case 25:
        return use_name();
      case 26:
        return connect_one();
      default:
        return set_size();
    }
  }

 private:
  size_t size() {
    static const size_t sizes[] = {0, 1, 2, 7, 8, 100, 1000, 4095, 4096, 4097, 5000, 20000, 70000};
    return random_.one_of(sizes);
  }

  struct Name {
    sockaddr_un address{};
    socklen_t length;
    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address); }
  };
  Name some_name() {
    Name name;
    name.address.sun_family = AF_UNIX;
    // Natively all programs share abstract names.
    const int size = snprintf(name.address.sun_path + 1, 30, "%d-%u", static_cast<int>(getpid()), random_.below(4));
    name.length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + static_cast<size_t>(size));
    printf(" name %c", name.address.sun_path[size]);
    return name;
  }

  void make_counter() {
    const unsigned first = random_.below(3);
    const bool semaphore = random_.below(2) != 0;
    put("eventfd", hold(eventfd(first, EFD_NONBLOCK | (semaphore ? EFD_SEMAPHORE : 0)), counter));
  }
  void make_pipe() {
    int ends[2];
    if (pipe2(ends, O_NONBLOCK) < 0) return;
    put("pipe", hold(ends[0], reader));
    put("", hold(ends[1], writer));
  }
  void make_pair() {
    const unsigned type = random_.below(3);
    int ends[2];
    if (socketpair(AF_UNIX, socket_types[type] | SOCK_NONBLOCK, 0, ends) < 0) return;
    printf("type %u ", type);
    put("socketpair", hold(ends[0], socket_kinds[type]));
    put("", hold(ends[1], socket_kinds[type]));
  }
  void make_socket() {
    const unsigned type = random_.below(3);
    const int i = hold(socket(AF_UNIX, socket_types[type] | SOCK_NONBLOCK, 0), socket_kinds[type]);
    printf("type %u ", type);
    put("socket", i);
    const Name name = some_name();
    const unsigned what = random_.below(4);
    if (what >= 2) {
      put_result(connect(fds_[i], name.get(), name.length));
      return;
    }
    put_result(bind(fds_[i], name.get(), name.length));
    const int backlog = static_cast<int>(random_.below(3));
    errno = 0;
    if (what == 1) put_result(listen(fds_[i], backlog));
  }

  void send_some() {
    const int i = one_of(counter | writer | any_socket);
    const size_t bytes = size();
    put("write", i);
    if (kinds_[i] == counter && random_.below(4) != 0) {
      const uint64_t value = random_.below(5) != 0 ? random_.below(10) : UINT64_MAX - 1 - random_.below(3);
      put_result(write(fds_[i], &value, sizeof value));
    } else {
      put_result(write(fds_[i], data_, bytes));
    }
  }
  void receive_some() {
    const int i = one_of(counter | reader | any_socket);
    const size_t bytes = size();
    put("read", i);
    put_result(read(fds_[i], data_, bytes));
  }
  void shut_down() {
    static const int ways[] = {SHUT_RD, SHUT_WR, SHUT_RDWR};
    if (random_.below(3) != 0) return;
    const int i = one_of(any_socket);
    const unsigned way = random_.below(3);
    printf("way %u ", way);
    put("shutdown", i);
    put_result(shutdown(fds_[i], ways[way]));
  }
  void control_one() {
    static const uint32_t flags[] = {0, static_cast<uint32_t>(EPOLLET), EPOLLONESHOT, EPOLLEXCLUSIVE};
    int i = one_of(set);
    const int watched = any();
    // Which of the events that one description has for several sets came first isn't followed through (docs/waiting.md).
    if (sets_[watched] >= 0) i = sets_[watched];
    sets_[watched] = i;
    control(i, watched, random_.one_of(flags));
  }
  void wait_some() {
    const int i = one_of(set);
    wait(i, 1 + static_cast<int>(random_.below(6)), false);
  }

  void ask() {
    const int i = one_of(reader | writer | any_socket);
    int number = -1;
    socklen_t length = sizeof number;
    if (random_.below(2) != 0) {
      put("FIONREAD", i);
      put_result(ioctl(fds_[i], FIONREAD, &number));
      printf(" %d", number);
    } else {
      put("SO_ERROR", i);
      put_result(getsockopt(fds_[i], SOL_SOCKET, SO_ERROR, &number, &length));
      printf(" %s", number > 0 ? errno_name(number).c_str() : "none");
    }
  }
  void accept_one() {
    const int i = one_of(any_socket);
    put("accept", i);
    const int fd = accept4(fds_[i], nullptr, nullptr, SOCK_NONBLOCK);
    put_result(fd < 0 ? -1 : 0);
    if (fd >= 0) put(" ", hold(fd, kinds_[i]));
  }
  void use_name() {
    const int i = one_of(datagrams | packets);
    const size_t bytes = size();
    put("sendto", i);
    const Name name = some_name();
    put_result(sendto(fds_[i], data_, bytes, 0, name.get(), name.length));
  }
  void connect_one() {
    const int i = one_of(any_socket);
    put("connect", i);
    if (random_.below(4) == 0) {
      sockaddr nobody{};
      nobody.sa_family = AF_UNSPEC;
      put_result(connect(fds_[i], &nobody, sizeof nobody));
    } else {
      const Name name = some_name();
      put_result(connect(fds_[i], name.get(), name.length));
    }
  }
  void set_size() {
    static const int pipe_sizes[] = {4096, 8192, 65536, 10000};
    const int i = one_of(writer | any_socket);
    const int bytes = random_.below(2) != 0 ? 5000 : 100000;
    const int pipe_bytes = random_.one_of(pipe_sizes);
    put("size", i);
    if (kinds_[i] == writer) {
      put_result(fcntl(fds_[i], F_SETPIPE_SZ, pipe_bytes));
    } else {
      put_result(setsockopt(fds_[i], SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes));
    }
  }

  static inline char data_[70000];
};

}  // namespace

int main(int argc, char** argv) { return walk_seeds<Walk>(argc, argv, steps); }
