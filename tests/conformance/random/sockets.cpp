// A random walk over TCP sockets of which the program has both ends: prints every call and what came of it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// sockets FIRST:COUNT     of the seeds
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "walk.h"

using namespace conformance;

namespace {

constexpr int slots = 12;
constexpr int steps = 400;
constexpr int families[] = {AF_INET, AF_INET6};

// One that answers never sends: data in both directions make a kernel delay its acknowledgements, and the guest's host Nagle's
// algorithm wait for those.
enum Kind : unsigned { sender = 1, answerer = 2, set = 4 };
constexpr unsigned stream = sender | answerer;

struct Address {
  sockaddr_storage storage{};
  socklen_t length = 0;
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
  in_port_t& port() {
    return storage.ss_family == AF_INET ? reinterpret_cast<sockaddr_in*>(&storage)->sin_port
                                        : reinterpret_cast<sockaddr_in6*>(&storage)->sin6_port;
  }
};

Address loopback(int family) {
  Address address;
  address.storage.ss_family = static_cast<sa_family_t>(family);
  if (family == AF_INET) {
    reinterpret_cast<sockaddr_in*>(&address.storage)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.length = sizeof(sockaddr_in);
  } else {
    reinterpret_cast<sockaddr_in6*>(&address.storage)->sin6_addr = in6addr_loopback;
    address.length = sizeof(sockaddr_in6);
  }
  return address;
}

class Walk : public Slots<slots> {
 public:
  using Slots::Slots;

  void step() {
    errno = 0;
    switch (random_.below(26)) {
      case 0:
      case 1:
        return make_pair();
      case 2:
      case 3:
        return make_socket();
      case 4:
        return put("epoll", hold(epoll_create1(0), set));
      case 5:
        return bind_one();
      case 6:
        return listen_one();
      case 7:
      case 8:
        return connect_one();
      case 9:
      case 10:
        return accept_one();
      case 11:
      case 12:
      case 13:
        return send_some();
      case 14:
      case 15:
      case 16:
        return receive_some();
      case 17:
        return shut_down();
      case 18:
        if (random_.below(2) == 0) close_any();
        return;
      case 19:
        (void)duplicate_any();
        return;
      case 20:
        return poll_all();
      case 21:
      case 22:
        return control_one();
      case 23:
        // What came from the host has no order of coming: see docs/waiting.md.
        return wait(one_of(set), 64, true);
      case 24:
        return ask();
      default:
        return set_option();
    }
  }

 private:
  int hold_stream(int fd, Kind kind) {
    const int i = hold(fd, kind);
    // Nagle's algorithm would let time decide what has arrived.
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return i;
  }
  size_t size() {
    static const size_t sizes[] = {0, 1, 2, 7, 100, 1000, 3000};
    return random_.one_of(sizes);
  }

  // Where the socket of a slot is; the wildcard is reached by loopback.
  Address address_of(int slot) {
    Address address;
    address.length = sizeof address.storage;
    if (fds_[slot] < 0 || getsockname(fds_[slot], address.get(), &address.length) != 0) return loopback(AF_INET);
    Address result = loopback(address.storage.ss_family == AF_INET6 ? AF_INET6 : AF_INET);
    if (address.storage.ss_family == AF_INET || address.storage.ss_family == AF_INET6) result.port() = address.port();
    return result;
  }
  void make_socket() {
    const int family = random_.one_of(families);
    const int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK, 0);
    printf("%s ", family == AF_INET ? "4" : "6");
    put("socket", hold_stream(fd, sender));
  }
  void make_pair() {
    const int family = random_.one_of(families);
    Address address = loopback(family);
    const int open = socket(family, SOCK_STREAM, 0);
    const int client = socket(family, SOCK_STREAM, 0);
    if (bind(open, address.get(), address.length) != 0 || listen(open, 1) != 0) return;
    getsockname(open, address.get(), &address.length);
    if (connect(client, address.get(), address.length) != 0) return;
    const int server = accept(open, nullptr, nullptr);
    close(open);
    fcntl(client, F_SETFL, O_NONBLOCK);
    fcntl(server, F_SETFL, O_NONBLOCK);
    put("tcp pair", hold_stream(client, sender));
    put("", hold_stream(server, answerer));
  }
  void bind_one() {
    const int i = one_of(stream);
    const int family = random_.one_of(families);
    Address address = loopback(family);
    printf("to %s ", family == AF_INET ? "4" : "6");
    put("bind", i);
    put_result(bind(fds_[i], address.get(), address.length));
  }
  void listen_one() {
    const int i = one_of(stream);
    put("listen", i);
    put_result(listen(fds_[i], 4));
  }
  void connect_one() {
    const int i = one_of(stream);
    const int to = one_of(stream);
    if (random_.below(12) == 0) {
      sockaddr nobody{};
      put("disconnect", i);
      put_result(connect(fds_[i], &nobody, sizeof nobody));
      return;
    }
    Address address = address_of(to);
    put("connect", i);
    put(" to", to);
    // A client's own port the guest doesn't know before it is connected.
    int listens = 0;
    socklen_t length = sizeof listens;
    if (fds_[to] < 0 || getsockopt(fds_[to], SOL_SOCKET, SO_ACCEPTCONN, &listens, &length) != 0 || listens == 0) return;
    errno = 0;
    put_result(connect(fds_[i], address.get(), address.length));
  }
  void accept_one() {
    const int i = one_of(stream);
    put("accept", i);
    Address address;
    address.length = sizeof address.storage;
    const int fd = accept4(fds_[i], address.get(), &address.length, SOCK_NONBLOCK);
    put_result(fd < 0 ? -1 : 0);
    if (fd < 0) return;
    put("", hold_stream(fd, answerer));
  }
  void send_some() {
    const int i = one_of(stream);
    const size_t bytes = size();
    put("send", i);
    if (fds_[i] >= 0 && kinds_[i] == answerer) return;
    put_result(send(fds_[i], data_, bytes, MSG_NOSIGNAL));
  }
  void receive_some() {
    static const int flags[] = {0, 0, 0, MSG_PEEK, MSG_TRUNC, MSG_WAITALL};
    static const char* const names[] = {"", "", "", " peek", " trunc", " all"};
    const int i = one_of(stream);
    const size_t bytes = size();
    const unsigned flag = random_.below(6);
    put("recv", i);
    printf("%s", names[flag]);
    put_result(recv(fds_[i], data_, bytes, flags[flag]));
  }
  void shut_down() {
    static const int ways[] = {SHUT_RD, SHUT_WR, SHUT_RDWR};
    const int i = one_of(stream);
    const unsigned way = random_.below(3);
    printf("way %u ", way);
    put("shutdown", i);
    // Who connects to a listener that was shut down before is sent an end, which the guest does when it accepts.
    Address address;
    address.length = sizeof address.storage;
    if (getpeername(fds_[i], address.get(), &address.length) != 0) return;
    put_result(shutdown(fds_[i], ways[way]));
  }
  void control_one() {
    static const uint32_t flags[] = {0, EPOLLONESHOT, static_cast<uint32_t>(EPOLLET)};
    const int i = one_of(set);
    const int watched = one_of(stream);
    control(i, watched, random_.one_of(flags));
  }

  void ask() {
    const int i = one_of(stream);
    int number = -1;
    socklen_t length = sizeof number;
    Address address;
    address.length = sizeof address.storage;
    switch (random_.below(5)) {
      case 0:
        put("FIONREAD", i);
        put_result(ioctl(fds_[i], FIONREAD, &number));
        printf(" %d", number);
        return;
      case 1:
        put("SO_ERROR", i);
        put_result(getsockopt(fds_[i], SOL_SOCKET, SO_ERROR, &number, &length));
        printf(" %s", number > 0 ? errno_name(number).c_str() : "none");
        return;
      case 2:
        put("SO_ACCEPTCONN", i);
        put_result(getsockopt(fds_[i], SOL_SOCKET, SO_ACCEPTCONN, &number, &length));
        printf(" %d", number);
        return;
      case 3:
        put("getpeername", i);
        put_result(getpeername(fds_[i], address.get(), &address.length));
        return;
      default:
        put("getsockname", i);
        put_result(getsockname(fds_[i], address.get(), &address.length));
        if (errno == 0 && kinds_[i] != set && fds_[i] >= 0) printf(" %s", address.port() != 0 ? "port" : "none");
    }
  }
  void set_option() {
    const int i = one_of(stream);
    const int low = random_.below(3) == 0 ? 5 : 1;
    const linger breaks{1, 0};
    if (random_.below(3) == 0) {
      put("linger", i);
      put_result(setsockopt(fds_[i], SOL_SOCKET, SO_LINGER, &breaks, sizeof breaks));
    } else {
      printf("%d ", low);
      put("low water", i);
      put_result(setsockopt(fds_[i], SOL_SOCKET, SO_RCVLOWAT, &low, sizeof low));
    }
  }

  static inline char data_[70000];
};

}  // namespace

int main(int argc, char** argv) { return walk_seeds<Walk>(argc, argv, steps); }
