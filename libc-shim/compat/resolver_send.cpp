// Asking name servers: a query goes to one after the other, over UDP, and over TCP where the reply is cut or it is asked for.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <poll.h>
#include <resolv.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "fail.h"

using posix_sockets::compat::fail;

// See names/dns_exchange.cpp for why not by their plain names.
extern "C" {
int __wrap_socket(int, int, int);
int __wrap_connect(int, const sockaddr*, socklen_t);
ssize_t __wrap_send(int, const void*, size_t, int);
ssize_t __wrap_recv(int, void*, size_t, int);
}

namespace {

int64_t now_ms() {
  timespec now = {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1000000;
}

struct Connection {
  int fd;
  int64_t deadline;

  ~Connection() {
    if (fd >= 0) close(fd);
  }
  bool wait(short events) const {
    const int64_t left = deadline - now_ms();
    struct pollfd one = {};
    one.fd = fd;
    one.events = events;
    return left > 0 && poll(&one, 1, static_cast<int>(left)) == 1;
  }
  bool write(const unsigned char* data, size_t size) const {
    while (size != 0) {
      const ssize_t sent = __wrap_send(fd, data, size, MSG_NOSIGNAL);
      if (sent < 0 && (errno != EAGAIN || !wait(POLLOUT))) return false;
      if (sent > 0) {
        data += sent;
        size -= static_cast<size_t>(sent);
      }
    }
    return true;
  }
  // As many bytes as asked for; those beyond `room` are dropped.
  bool read(unsigned char* data, size_t size, size_t room) const {
    for (size_t got = 0; got < size;) {
      unsigned char dropped[256];
      const bool kept = got < room;
      size_t wanted = kept ? (size < room ? size : room) - got : size - got;
      if (!kept && wanted > sizeof dropped) wanted = sizeof dropped;
      const ssize_t part = __wrap_recv(fd, kept ? data + got : dropped, wanted, 0);
      if (part == 0 || (part < 0 && (errno != EAGAIN || !wait(POLLIN)))) return false;
      if (part > 0) got += static_cast<size_t>(part);
    }
    return true;
  }
};

bool is_reply(const unsigned char* query, int size, const unsigned char* answer, ssize_t length) {
  if (length < NS_HFIXEDSZ || memcmp(query, answer, 2) != 0 || (answer[2] & 0x80) == 0) return false;
  if (ns_get16(answer + 4) == 0) return (answer[3] & 15) != ns_r_noerror;  // a refusal may leave the question out
  char wanted[NS_MAXDNAME], got[NS_MAXDNAME];
  const int name = dn_expand(query, query + size, query + NS_HFIXEDSZ, wanted, sizeof wanted);
  const int same = dn_expand(answer, answer + length, answer + NS_HFIXEDSZ, got, sizeof got);
  if (name < 0 || same < 0 || strcasecmp(wanted, got) != 0) return false;
  return size >= NS_HFIXEDSZ + name + 4 && length >= NS_HFIXEDSZ + same + 4 &&
         memcmp(query + NS_HFIXEDSZ + name, answer + NS_HFIXEDSZ + same, 4) == 0;
}

// Returns the reply's length, or -1: the server can't be asked, or says nothing in time.
ssize_t ask(const sockaddr* server, socklen_t length, bool stream, int64_t deadline, const unsigned char* query,
            int size, unsigned char* answer, int room) {
  const int type = (stream ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK | SOCK_CLOEXEC;
  const Connection connection = {__wrap_socket(server->sa_family, type, 0), deadline};
  if (connection.fd < 0) return -1;
  if (__wrap_connect(connection.fd, server, length) != 0 && (errno != EINPROGRESS || !connection.wait(POLLOUT)))
    return -1;
  unsigned char prefix[2];
  if (stream) {
    ns_put16(static_cast<unsigned>(size), prefix);
    if (!connection.write(prefix, 2)) return -1;
  }
  if (!connection.write(query, static_cast<size_t>(size))) return -1;
  if (stream) {
    if (!connection.read(prefix, 2, 2)) return -1;
    const size_t whole = ns_get16(prefix);
    if (!connection.read(answer, whole, static_cast<size_t>(room))) return -1;
    return is_reply(query, size, answer,
                    static_cast<ssize_t>(whole < static_cast<size_t>(room) ? whole : static_cast<size_t>(room)))
               ? static_cast<ssize_t>(whole)
               : -1;
  }
  while (connection.wait(POLLIN)) {
    const ssize_t got = __wrap_recv(connection.fd, answer, static_cast<size_t>(room), 0);
    if (got < 0 && errno != EAGAIN) return -1;
    if (got >= 0 && is_reply(query, size, answer, got)) return got;
  }
  return -1;
}

}  // namespace

extern "C" {

// Returns the reply's length, of which at most `room` bytes are kept. EINVAL: no query, or no room for a header.
// ETIMEDOUT: no server answered. ECONNREFUSED: none could be asked.
int res_nsend(res_state state, const unsigned char* query, int size, unsigned char* answer, int room) {
  if ((state->options & RES_INIT) == 0 && res_ninit(state) != 0) return -1;
  if (size < NS_HFIXEDSZ || room < NS_HFIXEDSZ) return fail(EINVAL);
  bool late = false;
  for (int round = 0; round < state->retry; ++round) {
    for (int i = 0; i < state->nscount && i < MAXNS; ++i) {
      const auto* other = state->_u._ext.nsaddrs[i];
      const bool ipv4 = state->nsaddr_list[i].sin_family != 0;
      if (!ipv4 && other == nullptr) continue;
      const auto* server =
          ipv4 ? reinterpret_cast<const sockaddr*>(&state->nsaddr_list[i]) : reinterpret_cast<const sockaddr*>(other);
      const socklen_t length = ipv4 ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
      bool stream = (state->options & RES_USEVC) != 0;
      const int64_t deadline = now_ms() + static_cast<int64_t>(state->retrans) * 1000;
      ssize_t got = ask(server, length, stream, deadline, query, size, answer, room);
      if (got >= NS_HFIXEDSZ && !stream && (answer[2] & 2) != 0 && (state->options & RES_IGNTC) == 0) {
        stream = true;
        got = ask(server, length, true, deadline, query, size, answer, room);
      }
      late = late || (got < 0 && now_ms() >= deadline);
      if (got < NS_HFIXEDSZ) continue;
      const int code = answer[3] & 15;
      const bool failed = code == ns_r_servfail || code == ns_r_notimpl || code == ns_r_refused;
      const bool last = round == state->retry - 1 && i == state->nscount - 1;
      if (!failed || last) return static_cast<int>(got);
    }
  }
  return fail(late ? ETIMEDOUT : ECONNREFUSED);
}

int res_send(const unsigned char* query, int size, unsigned char* answer, int room) {
  if ((_res.options & RES_INIT) == 0 && res_init() != 0) return -1;
  return res_nsend(&_res, query, size, answer, room);
}

}  // extern "C"
