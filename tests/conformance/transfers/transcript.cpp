// Every call that moves bytes between two descriptors, sendfile, splice and copy_file_range, between each two kinds of them, with
// several offsets and lengths: one line for each, with what it gave.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "errno_name.h"

namespace {

/// What is moved from or to. `other` is the other end, if there is one.
struct End {
  int number = -1;
  int other = -1;

  void close() {
    if (number >= 0) (void)::close(number);
    if (other >= 0) (void)::close(other);
    number = other = -1;
  }
};

std::string path_of(const char* name) { return std::string(std::getenv("CONFORMANCE_DIR")) + "/" + name; }

End file(const char* name, int flags, const char* content) {
  const std::string path = path_of(name);
  End end{open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600)};
  const std::string text = content;
  if (write(end.number, text.data(), text.size()) < 0) std::perror(name);
  end.close();
  return {open(path.c_str(), flags)};
}

End pipe_end(int which, const char* content, bool alone) {
  int ends[2] = {-1, -1};
  if (pipe2(ends, O_NONBLOCK) != 0) std::perror("pipe2");
  const std::string text = content;
  if (!text.empty() && write(ends[1], text.data(), text.size()) < 0) std::perror("write");
  if (!alone) return {ends[which], ends[1 - which]};
  close(ends[1 - which]);
  return {ends[which]};
}

int tcp_listener(sockaddr_in& address) {
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), length) != 0 || listen(listener, 1) != 0)
    std::perror("listen");
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length);
  return listener;
}

End connection() {
  sockaddr_in address = {};
  const int listener = tcp_listener(address);
  End end{socket(AF_INET, SOCK_STREAM, 0)};
  if (connect(end.number, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) std::perror("connect");
  end.other = accept(listener, nullptr, nullptr);
  close(listener);
  if (send(end.other, "tcpdata", 7, 0) != 7) std::perror("send");
  pollfd entry = {end.number, POLLIN, 0};
  poll(&entry, 1, 5000);
  fcntl(end.number, F_SETFL, O_NONBLOCK);
  return end;
}

End listening() {
  sockaddr_in address = {};
  return {tcp_listener(address)};
}

End local_pair() {
  int ends[2] = {-1, -1};
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0 || write(ends[1], "unix", 4) != 4) std::perror("socketpair");
  return {ends[0], ends[1]};
}

struct Kind {
  const char* name;
  End (*make)();
};
constexpr Kind kinds[] = {
    {"file", [] { return file("a", O_RDWR, "0123456789"); }},
    {"file to read", [] { return file("b", O_RDONLY, "0123456789"); }},
    {"file to write", [] { return file("c", O_WRONLY, ""); }},
    {"file to append", [] { return file("d", O_RDWR | O_APPEND, ""); }},
    {"empty file", [] { return file("e", O_RDWR, ""); }},
    {"directory", [] { return End{open(path_of(".").c_str(), O_RDONLY | O_DIRECTORY)}; }},
    {"pipe to read", [] { return pipe_end(0, "abcd", false); }},
    {"pipe to write", [] { return pipe_end(1, "", false); }},
    {"pipe nobody writes", [] { return pipe_end(0, "", true); }},
    {"pipe nobody reads", [] { return pipe_end(1, "", true); }},
    {"new TCP", [] { return End{socket(AF_INET, SOCK_STREAM, 0)}; }},
    {"TCP", connection},
    {"listener", listening},
    {"UDP", [] { return End{socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0)}; }},
    {"AF_UNIX", local_pair},
    {"eventfd", [] { return End{eventfd(1, EFD_NONBLOCK)}; }},
    {"timerfd", [] { return End{timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK)}; }},
    {"epoll", [] { return End{epoll_create1(0)}; }},
    {"null", [] { return End{open("/dev/null", O_RDWR)}; }},
    {"zero", [] { return End{open("/dev/zero", O_RDWR)}; }},
    {"full", [] { return End{open("/dev/full", O_RDWR)}; }},
    {"nothing", [] { return End{}; }},
};

constexpr off_t no_offset = -2;
struct Arguments {
  off_t offset;  // no_offset: null
  size_t length;
};
constexpr auto huge = static_cast<size_t>(-1);
constexpr Arguments arguments[] = {{no_offset, 5}, {no_offset, 0}, {no_offset, huge}, {0, 5},  {3, 5},  {3, 0},
                                   {3, huge},      {10, 5},        {20, 5},           {-1, 5}, {-1, 0}, {-1, huge}};

// Which of the two ends gets the offset.
enum Side { neither, input, output };

void try_call(const std::string& call, const Kind& from, const Kind& to, const Arguments& given, Side side) {
  End in = from.make(), out = to.make();
  off_t offset = given.offset;
  off_t* const in_offset = side == input ? &offset : nullptr;
  off_t* const out_offset = side == output ? &offset : nullptr;
  errno = 0;
  ssize_t result = -1;
  if (call == "sendfile") result = sendfile(out.number, in.number, in_offset, given.length);
  if (call == "splice") result = splice(in.number, in_offset, out.number, out_offset, given.length, SPLICE_F_NONBLOCK);
  if (call == "copy_file_range")
    result = copy_file_range(in.number, in_offset, out.number, out_offset, given.length, 0);
  const std::string error = result < 0 ? conformance::errno_name(errno) : "no error";
  constexpr const char* sides[] = {"no offset", "offset in", "offset out"};
  std::printf("transfer %s: from %s to %s, %s %lld, length %ld = %ld, %s, then %lld\n", call.c_str(), from.name,
              to.name, sides[side], static_cast<long long>(given.offset), static_cast<long>(given.length),
              static_cast<long>(result), error.c_str(), static_cast<long long>(offset));
  in.close();
  out.close();
}

}  // namespace

int main(int, char** words) {
  std::signal(SIGPIPE, SIG_IGN);
  const std::string call = words[1];
  for (const Kind& from : kinds)
    for (const Kind& to : kinds)
      for (const Arguments& given : arguments) {
        if (&from == &to) continue;
        if (given.offset == no_offset) {
          try_call(call, from, to, given, neither);
          continue;
        }
        try_call(call, from, to, given, input);
        if (call != "sendfile") try_call(call, from, to, given, output);
      }
}
