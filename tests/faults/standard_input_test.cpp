// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What happens to those that hold standard input as a file of libc's when a wait makes a stream of it.
#include <sys/event.h>

#include <cstring>

#include "scene.h"

namespace {

void send_standard_input(int socket) {
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  char data = 'x';
  iovec vector = {&data, 1};
  msghdr message = {};
  message.msg_iov = &vector;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  const int standard_input = 0;
  std::memcpy(CMSG_DATA(header), &standard_input, sizeof(int));
  CHILD_CHECK(guest::sendmsg(socket, &message, 0) == 1);
}

int receive_descriptor(int socket) {
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  char data;
  iovec vector = {&data, 1};
  msghdr message = {};
  message.msg_iov = &vector;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  CHILD_CHECK(guest::recvmsg(socket, &message, 0) == 1);
  CHILD_CHECK(CMSG_FIRSTHDR(&message) != nullptr);
  int number;
  std::memcpy(&number, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof number);
  return number;
}

}  // namespace

TEST_CASE("standard input: on its way in a message when a wait makes a stream of it") {
  Scene scene;
  CHECK(in_child([] {
    int ends[2];
    CHILD_CHECK(guest::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    send_standard_input(ends[0]);
    CHILD_CHECK(polled(0, POLLIN) == 0);
    host().input.data = "ab";
    host().input.arrived();
    const int number = receive_descriptor(ends[1]);
    CHILD_CHECK(number > ends[1]);
    char byte;
    CHILD_CHECK(guest::read(number, &byte, 1) == 1 && byte == 'a');
    CHILD_CHECK(guest::read(0, &byte, 1) == 1 && byte == 'b');
    for (int open : {0, number, ends[0], ends[1]}) guest::close(open);
    CHILD_CHECK(fake::live_handles() == 0);
  }));
}

TEST_CASE("standard input: nobody receives the message that it was in when a wait made a stream of it") {
  Scene scene;
  CHECK(in_child([] {
    int ends[2];
    CHILD_CHECK(guest::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    send_standard_input(ends[0]);
    CHILD_CHECK(polled(0, POLLIN) == 0);
    for (int open : {0, ends[0], ends[1]}) guest::close(open);
    CHILD_CHECK(fake::live_handles() == 0);
  }));
}

TEST_CASE("standard input: watched by a kqueue as a file when a wait makes a stream of it") {
  Scene scene;
  CHECK(in_child([] {
    const int queue = guest::kqueue();
    struct kevent change;
    EV_SET(&change, 0, EVFILT_WRITE, EV_ADD, 0, 0, nullptr);
    CHILD_CHECK(guest::kevent(queue, &change, 1, nullptr, 0, nullptr) == 0);
    CHILD_CHECK(polled(0, POLLIN) == 0);
    struct kevent event;
    const timespec at_once = {};
    CHILD_CHECK(guest::kevent(queue, nullptr, 0, &event, 1, &at_once) >= 0);
    guest::close(0);
    guest::close(queue);
    CHILD_CHECK(fake::live_handles() == 0);
  }));
}

TEST_CASE("standard input: no memory for a stream of it at the first of two ends of a transfer") {
  Scene scene;
  CHECK(in_child([] {
    const int other = guest::dup(0);
    fake::memory::fail_at(1);
    CHILD_CHECK(guest::tee(0, other, 100, 0) == -1);
    guest::close(0);
    guest::close(other);
    CHILD_CHECK(fake::live_handles() == 0);
  }));
}
