// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// AF_UNIX: names, streams, datagrams, descriptors in messages. What the kernel says to the same calls is in the conformance cases.
#include <sys/un.h>

#include <cstddef>
#include <vector>

#include "scene.h"

namespace {

struct Name {
  explicit Name(const std::string& text) {
    address.sun_family = AF_UNIX;
    text.copy(address.sun_path + 1, sizeof address.sun_path - 1);
    length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + text.size());
  }
  const sockaddr* any() const { return reinterpret_cast<const sockaddr*>(&address); }
  sockaddr_un address = {};
  socklen_t length;
};

int open_unix(int type) {
  const int number = guest::socket(AF_UNIX, type, 0);
  REQUIRE(number >= 0);
  return number;
}
int listen_at(const Name& name, int type = SOCK_STREAM, int backlog = 5) {
  const int number = open_unix(type);
  REQUIRE_THAT(guest::bind(number, name.any(), name.length), Returns(0));
  REQUIRE_THAT(guest::listen(number, backlog), Returns(0));
  return number;
}

struct Pair {
  explicit Pair(int type) { REQUIRE_THAT(guest::socketpair(AF_UNIX, type, 0, ends), Returns(0)); }
  int ends[2];
};

ssize_t hand_over(int to, const std::vector<int>& numbers, const char* text = "x", int flags = 0) {
  alignas(cmsghdr) unsigned char control[CMSG_SPACE(8 * sizeof(int))] = {};
  iovec vector = {const_cast<char*>(text), strlen(text)};
  msghdr message = {};
  message.msg_iov = &vector;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = CMSG_SPACE(numbers.size() * sizeof(int));
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(numbers.size() * sizeof(int));
  memcpy(CMSG_DATA(header), numbers.data(), numbers.size() * sizeof(int));
  return guest::sendmsg(to, &message, flags);
}

std::vector<int> take_over(int from) {
  alignas(cmsghdr) unsigned char control[CMSG_SPACE(8 * sizeof(int))] = {};
  char text[64];
  iovec vector = {text, sizeof text};
  msghdr message = {};
  message.msg_iov = &vector;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  REQUIRE(guest::recvmsg(from, &message, 0) > 0);
  const cmsghdr* header = CMSG_FIRSTHDR(&message);
  if (header == nullptr) return {};
  std::vector<int> numbers((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
  memcpy(numbers.data(), CMSG_DATA(header), numbers.size() * sizeof(int));
  return numbers;
}

}  // namespace

TEST_CASE("unix: a stream by an abstract name, both ways, to its end") {
  Scene scene;
  const Name name("stream");
  const int listener = listen_at(name), client = open_unix(SOCK_STREAM);
  CHECK_THAT(guest::connect(client, name.any(), name.length), Returns(0));
  const int server = guest::accept(listener, nullptr, nullptr);
  REQUIRE(server >= 0);
  CHECK_THAT(guest::send(client, "hello", 5, 0), Returns(5));
  CHECK(received(server, 3) == "hel");
  CHECK(received(server, 9, MSG_PEEK) == "lo");
  CHECK(received(server, 9) == "lo");
  sockaddr_un at = {};
  socklen_t length = sizeof at;
  CHECK_THAT(guest::getpeername(client, reinterpret_cast<sockaddr*>(&at), &length), Returns(0));
  CHECK(length == name.length);
  CHECK_THAT(guest::shutdown(client, SHUT_WR), Returns(0));
  CHECK(received(server, 9).empty());
  CHECK_THAT(guest::send(client, "x", 1, MSG_NOSIGNAL), Fails(EPIPE));
  CHECK_THAT(guest::send(server, "back", 4, 0), Returns(4));
  CHECK(received(client, 9) == "back");
}

TEST_CASE("unix: names are taken once, found while they are, and given by the library where none is asked for") {
  Scene scene;
  const Name name("taken");
  const int one = open_unix(SOCK_STREAM), two = open_unix(SOCK_STREAM), other = open_unix(SOCK_DGRAM);
  CHECK_THAT(guest::connect(two, name.any(), name.length), Fails(ECONNREFUSED));
  CHECK_THAT(guest::bind(one, name.any(), name.length), Returns(0));
  CHECK_THAT(guest::bind(two, name.any(), name.length), Fails(EADDRINUSE));
  CHECK_THAT(guest::bind(one, Name("second").any(), Name("second").length), Fails(EINVAL));
  CHECK_THAT(guest::connect(two, name.any(), name.length), Fails(ECONNREFUSED));  // it doesn't listen
  CHECK_THAT(guest::bind(other, name.any(), name.length), Returns(0));            // of another type
  CHECK_THAT(guest::connect(other, name.any(), sizeof(sa_family_t)), Fails(EINVAL));
  CHECK_THAT(guest::bind(two, Name("").any(), sizeof(sa_family_t)), Returns(0));
  sockaddr_un at = {};
  socklen_t length = sizeof at;
  CHECK_THAT(guest::getsockname(two, reinterpret_cast<sockaddr*>(&at), &length), Returns(0));
  CHECK(length == offsetof(sockaddr_un, sun_path) + 6);  // a NUL and five digits
  guest::close(one);
  const int again = open_unix(SOCK_STREAM);
  CHECK_THAT(guest::bind(again, name.any(), name.length), Returns(0));
}

TEST_CASE("unix: a full backlog is EAGAIN, and a listener that goes resets those who wait") {
  Scene scene;
  const Name name("backlog");
  const int listener = listen_at(name, SOCK_STREAM, 0);
  const int first = open_unix(SOCK_STREAM | SOCK_NONBLOCK), second = open_unix(SOCK_STREAM | SOCK_NONBLOCK);
  CHECK_THAT(guest::connect(first, name.any(), name.length), Returns(0));
  CHECK_THAT(guest::connect(second, name.any(), name.length), Fails(EAGAIN));
  CHECK_THAT(guest::connect(first, name.any(), name.length), Fails(EAGAIN));  // looked at before its own state
  CHECK_THAT(guest::send(first, "lost", 4, 0), Returns(4));
  guest::close(listener);
  CHECK(received(first, 9) == "[ECONNRESET]");
}

TEST_CASE("unix: datagrams keep their borders, and go to whoever has the name") {
  Scene scene;
  const Name name("box");
  const int box = open_unix(SOCK_DGRAM), sender = open_unix(SOCK_DGRAM);
  CHECK_THAT(guest::sendto(sender, "x", 1, 0, name.any(), name.length), Fails(ECONNREFUSED));
  CHECK_THAT(guest::bind(box, name.any(), name.length), Returns(0));
  CHECK_THAT(guest::sendto(sender, "one", 3, 0, name.any(), name.length), Returns(3));
  CHECK_THAT(guest::connect(sender, name.any(), name.length), Returns(0));
  CHECK_THAT(guest::send(sender, "", 0, 0), Returns(0));
  CHECK_THAT(guest::send(sender, "three", 5, 0), Returns(5));
  CHECK(received(box, 2) == "on");  // the rest of it is gone
  CHECK(received(box, 9).empty());
  CHECK(received(box, 9) == "three");
  CHECK(received(box, 9, MSG_DONTWAIT) == "[EAGAIN]");
  guest::close(box);
  CHECK_THAT(guest::send(sender, "x", 1, 0), Fails(ECONNREFUSED));
}

TEST_CASE("unix: packets keep their borders, and their connection ends") {
  Scene scene;
  Pair pair(SOCK_SEQPACKET);
  CHECK_THAT(guest::send(pair.ends[0], "ab", 2, 0), Returns(2));
  CHECK_THAT(guest::send(pair.ends[0], "cd", 2, 0), Returns(2));
  CHECK(received(pair.ends[1], 9) == "ab");
  CHECK(received(pair.ends[1], 1) == "c");
  guest::close(pair.ends[0]);
  CHECK(received(pair.ends[1], 9).empty());
  CHECK_THAT(guest::send(pair.ends[1], "x", 1, MSG_NOSIGNAL), Fails(EPIPE));
}

TEST_CASE("unix: a stream that nobody reads is full, and has room again") {
  Scene scene;
  Pair pair(SOCK_STREAM);
  const std::string block(65536, 'x');
  size_t sent = 0;
  for (ssize_t count; (count = guest::send(pair.ends[0], block.data(), block.size(), MSG_DONTWAIT)) > 0;)
    sent += static_cast<size_t>(count);
  CHECK(errno == EAGAIN);
  pollfd wait = {pair.ends[0], POLLOUT, 0};
  CHECK_THAT(guest::poll(&wait, 1, 0), Returns(0));
  std::string got(sent, 0);
  size_t size = 0;
  for (ssize_t count; (count = guest::recv(pair.ends[1], got.data() + size, sent - size, MSG_DONTWAIT)) > 0;)
    size += static_cast<size_t>(count);
  CHECK(size == sent);
  CHECK_THAT(guest::poll(&wait, 1, 0), Returns(1));
}

TEST_CASE("unix: descriptors travel in messages, and live on when their senders' are closed") {
  Scene scene;
  Pair pair(SOCK_STREAM);
  int pipe[2];
  REQUIRE(guest::pipe(pipe) == 0);
  CHECK_THAT(hand_over(pair.ends[0], {pipe[0], pipe[1]}), Returns(1));
  guest::close(pipe[0]);
  guest::close(pipe[1]);
  const std::vector<int> got = take_over(pair.ends[1]);
  REQUIRE(got.size() == 2);
  CHECK_THAT(guest::write(got[1], "through", 7), Returns(7));
  CHECK(received(pair.ends[1], 9, MSG_DONTWAIT) == "[EAGAIN]");
  char text[9];
  CHECK_THAT(guest::read(got[0], text, sizeof text), Returns(7));
  CHECK_THAT(hand_over(pair.ends[0], {12345}), Fails(EBADF));
  CHECK_THAT(hand_over(pair.ends[0], {got[0]}), Returns(1));
  guest::close(pair.ends[1]);  // and what is in the message with it
  CHECK_THAT(guest::close(got[0]), Returns(0));
  CHECK_THAT(guest::write(got[1], "x", 1), Fails(EPIPE));
}

TEST_CASE("unix: sockets that are only in each other's messages are collected") {
  Scene scene;
  int pipe[2];
  REQUIRE(guest::pipe(pipe) == 0);
  for (const bool crosswise : {false, true}) {
    Pair one(SOCK_DGRAM), two(SOCK_DGRAM);
    CHECK_THAT(hand_over(one.ends[0], {one.ends[1], pipe[1]}),
               Returns(1));  // its own end, and one that would be missed
    if (crosswise) {
      CHECK_THAT(hand_over(one.ends[0], {two.ends[1]}), Returns(1));
      CHECK_THAT(hand_over(two.ends[0], {one.ends[1]}), Returns(1));
    }
    for (const int number : {one.ends[0], one.ends[1], two.ends[0], two.ends[1]}) guest::close(number);
  }
  guest::close(pipe[1]);
  char text[9];
  CHECK_THAT(guest::read(pipe[0], text, sizeof text), Returns(0));  // nobody has the other end any more
}

TEST_CASE("unix: a socket in a message that can still be received isn't collected") {
  Scene scene;
  Pair carrier(SOCK_DGRAM), inner(SOCK_DGRAM);
  CHECK_THAT(hand_over(inner.ends[0], {inner.ends[1]}), Returns(1));  // it would keep itself
  CHECK_THAT(hand_over(carrier.ends[0], {inner.ends[1]}), Returns(1));
  guest::close(inner.ends[0]);
  guest::close(inner.ends[1]);
  const std::vector<int> got = take_over(carrier.ends[1]);
  REQUIRE(got.size() == 1);
  CHECK(take_over(got[0]).size() == 1);
}

TEST_CASE("unix: connections that wait with descriptors in their messages go with the listener") {
  Scene scene;
  const Name name("waiting");
  const int listener = listen_at(name), client = open_unix(SOCK_STREAM);
  CHECK_THAT(guest::connect(client, name.any(), name.length), Returns(0));
  CHECK_THAT(hand_over(client, {listener}), Returns(1));
  guest::close(listener);  // only the message to itself has it
  CHECK(received(client, 9) == "[ECONNRESET]");
}
