// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cstddef>
#include "flags.h"

#include "transcript.h"

namespace operations {
namespace {

// For events that a guest sees when it looks, but isn't woken for.
void wait_repeatedly(int fd, short events) {
  for (int i = 0; i < 800; ++i) {
    pollfd entry = {fd, events, 0};
    if (poll(&entry, 1, 10) > 0) return;
  }
  stop("waiting for what a send brings about");
}

// The result, and what arrives at the other end, which is waited for if something was sent.
std::string sent(Subject& subject, ssize_t result, int receiver = -1) {
  std::string text = outcome(result);
  if (receiver < 0) receiver = subject.peer;
  const bool arrives = result > 0 || (result == 0 && !world.stream);
  if (arrives && subject.after_send != 0 && receiver < 0) wait_repeatedly(subject.fd, subject.after_send);
  if (arrives && receiver >= 0) {
    wait_for(receiver, POLLIN);
    char data[16];
    const ssize_t size = recv(receiver, data, sizeof data, 0);
    text += " arrived " + outcome(size) + quoted(data, size);
  }
  return text;
}

// The kernel's writev of nothing doesn't come down to the socket: not even an empty datagram leaves.
std::string nothing_sent(Subject& subject, ssize_t result) {
  std::string text = outcome(result);
  if (!world.stream && subject.peer >= 0) text += ", peer " + names_of(events_of(subject.peer, POLLIN));
  return text;
}

std::string run_send(Subject& subject, long flags) {
  const ssize_t result = send(subject.fd, "hello", 5, static_cast<int>(flags));
  return !world.stream && (flags & MSG_MORE) != 0 ? outcome(result) : sent(subject, result);
}

std::string run_send_nothing(Subject& subject, long flags) {
  const ssize_t result = send(subject.fd, "", 0, static_cast<int>(flags));
  return !world.stream && (flags & MSG_MORE) != 0 ? outcome(result) : sent(subject, result);
}

std::string run_send_more_and_rest(Subject& subject, long) {
  const std::string first = outcome(send(subject.fd, "hel", 3, MSG_MORE));
  const std::string second = sent(subject, send(subject.fd, "lo", 2, 0));
  return first + " and " + second;
}

std::string run_send_null(Subject& subject, long size) {
  void* volatile null = nullptr;
  return outcome(send(subject.fd, null, static_cast<size_t>(size), 0));
}

std::string run_send_much(Subject& subject, long size) {
  static char data[70000];
  const ssize_t result = send(subject.fd, data, static_cast<size_t>(size), 0);
  return world.stream && result > 0 ? "something" : outcome(result);
}

std::string run_write(Subject& subject, long size) {
  return sent(subject, write(subject.fd, "hello", static_cast<size_t>(size)));
}

std::string run_writev(Subject& subject, long size) {
  char first[] = "he", last[] = "llo";
  const iovec pieces[3] = {{first, size == 0 ? 0U : 2U}, {first, 0}, {last, size == 0 ? 0U : 3U}};
  const ssize_t result = writev(subject.fd, pieces, 3);
  return size == 0 ? nothing_sent(subject, result) : sent(subject, result);
}

std::string run_writev_count(Subject& subject, long count) {
  char data[] = "hello";
  const iovec piece = {data, 5};
  return nothing_sent(subject, writev(subject.fd, &piece, static_cast<int>(count)));
}

enum Destination : long {
  to_target,
  to_target_any,
  to_peer,
  to_refuser,
  no_family,
  other_family,
  cut,
  port_0,
  broadcast,
  multicast,
  short_3,
  negative
};

Address destination(Subject& subject, long which) {
  Address result = world.target_address;
  switch (which) {
    case to_target_any:
      return any(world.family, result.port());
    case to_peer:
      return subject.peer >= 0 ? address_of(subject.peer) : result;
    case to_refuser:
      return world.refuser_address;
    case no_family:
      result.storage.ss_family = AF_UNSPEC;
      break;
    case other_family:
      result.storage.ss_family = AF_UNIX;
      break;
    case cut:
      result.length -= world.family == AF_INET ? 1
                                               : sizeof(sockaddr_in6) - offsetof(sockaddr_in6, sin6_addr) -
                                                     15;  // of IPv6 only the scope may be missing
      break;
    case short_3:
      result.length = 3;
      break;
    case negative:
      result.length = static_cast<socklen_t>(-1);
      break;
    case port_0:
      result.set_port(0);
      break;
    case broadcast:
    case multicast:
      if (world.family == AF_INET) {
        reinterpret_cast<sockaddr_in&>(result.storage).sin_addr.s_addr = which == broadcast ? 0xffffffff : 0x010000e0;
      }
      break;
    default:
      break;
  }
  return result;
}

int receiver_of(Subject& subject, long which) {
  if (world.stream) return -1;
  const bool named = which == to_target || which == to_target_any || (which == to_peer && subject.peer < 0) ||
                     (which == no_family && world.family == AF_INET) ||
                     (which == broadcast && world.family == AF_INET6);
  return named ? world.target : -1;
}

std::string run_sendto(Subject& subject, long which) {
  const Address to = destination(subject, which);
  const ssize_t result = sendto(subject.fd, "hello", 5, 0, to.get(), to.length);
  if (which == to_refuser && !world.stream) {
    const std::string text = outcome(result);
    if (result > 0 && subject.after_send != 0) wait_repeatedly(subject.fd, subject.after_send);
    return text;
  }
  return sent(subject, result, receiver_of(subject, which));
}

std::string run_sendto_null(Subject& subject, long length) {
  return sent(subject, sendto(subject.fd, "hello", 5, 0, nullptr, static_cast<socklen_t>(length)));
}

std::string run_sendto_no_length(Subject& subject, long) {
  const Address to = world.target_address;
  return sent(subject, sendto(subject.fd, "hello", 5, 0, to.get(), 0));
}

std::string run_sendmsg(Subject& subject, long which) {
  Address to = destination(subject, which);
  char first[] = "he", last[] = "llo";
  iovec pieces[2] = {{first, 2}, {last, 3}};
  msghdr message{};
  message.msg_name = to.get();
  message.msg_namelen = to.length;
  message.msg_iov = pieces;
  message.msg_iovlen = 2;
  const ssize_t result = sendmsg(subject.fd, &message, 0);
  return sent(subject, result, receiver_of(subject, which));
}

std::string run_sendmsg_bare(Subject& subject, long pieces) {
  char data[] = "hello";
  iovec piece = {data, 5};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = static_cast<decltype(message.msg_iovlen)>(pieces);
  return sent(subject, sendmsg(subject.fd, &message, 0));
}

// A control message of a level that no protocol has.
std::string run_sendmsg_control(Subject& subject, long length) {
  char data[] = "hello";
  iovec piece = {data, 5};
  union {
    cmsghdr header;
    char space[CMSG_SPACE(sizeof(int))];
  } control;
  memset(&control, 0, sizeof control);
  control.header.cmsg_len = CMSG_LEN(sizeof(int));
  control.header.cmsg_level = 12345;
  control.header.cmsg_type = 1;
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = &control;
  message.msg_controllen = length < 0 ? sizeof control : static_cast<size_t>(length);
  return sent(subject, sendmsg(subject.fd, &message, 0));
}

}  // namespace

void add_sending(std::vector<Operation>& list) {
  for (const Flag& flag : flags) list.push_back({std::string("send ") + flag.name, run_send, flag.value});
  list.push_back({"send no flags", run_send, 0});
  list.push_back({"send unknown flag", run_send, unknown_flag});
  list.push_back({"send of 0", run_send_nothing, 0});
  list.push_back({"send of 0 MSG_MORE", run_send_nothing, MSG_MORE});
  list.push_back({"send of 0 MSG_OOB", run_send_nothing, MSG_OOB});
  list.push_back({"send MSG_MORE and the rest", run_send_more_and_rest, 0});
  list.push_back({"send NULL", run_send_null, 5});
  list.push_back({"send of 65536", run_send_much, 65536});
  list.push_back({"write", run_write, 5});
  list.push_back({"write of 0", run_write, 0});
  list.push_back({"writev", run_writev, 5});
  list.push_back({"writev of 0 bytes", run_writev, 0});
  list.push_back({"writev of 0 pieces", run_writev_count, 0});
  list.push_back({"writev of -1 pieces", run_writev_count, -1});
  list.push_back({"sendto", run_sendto, to_target});
  list.push_back({"sendto wildcard", run_sendto, to_target_any});
  list.push_back({"sendto peer", run_sendto, to_peer});
  list.push_back({"sendto nobody", run_sendto, to_refuser});
  list.push_back({"sendto AF_UNSPEC", run_sendto, no_family});
  list.push_back({"sendto another family", run_sendto, other_family});
  list.push_back({"sendto a cut address", run_sendto, cut});
  list.push_back({"sendto 3 bytes of address", run_sendto, short_3});
  list.push_back({"sendto -1 bytes of address", run_sendto, negative});
  list.push_back({"sendto port 0", run_sendto, port_0});
  list.push_back({"sendto broadcast", run_sendto, broadcast});
  list.push_back({"sendto NULL", run_sendto_null, 0});
  list.push_back({"sendto NULL with a length", run_sendto_null, 16});
  list.push_back({"sendto without a length", run_sendto_no_length, 0});
  list.push_back({"sendmsg", run_sendmsg, to_target});
  list.push_back({"sendmsg peer", run_sendmsg, to_peer});
  list.push_back({"sendmsg another family", run_sendmsg, other_family});
  list.push_back({"sendmsg a cut address", run_sendmsg, cut});
  list.push_back({"sendmsg bare", run_sendmsg_bare, 1});
  list.push_back({"sendmsg of 0 pieces", run_sendmsg_bare, 0});
  list.push_back({"sendmsg of 1025 pieces", run_sendmsg_bare, 1025});
  list.push_back({"sendmsg with an unknown control message", run_sendmsg_control, -1});
  list.push_back({"sendmsg with cut control", run_sendmsg_control, 3});
  list.push_back({"sendmsg with empty control", run_sendmsg_control, 0});
}

}  // namespace operations
