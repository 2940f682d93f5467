// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "flags.h"
#include "transcript.h"

namespace operations {
namespace {

// Bytes received in text; what the call left of the buffer's filling shows what it didn't touch.
struct Buffer {
  char data[16];
  Buffer() { memset(data, '.', sizeof data); }
  std::string after(ssize_t result) const {
    const std::string text = outcome(result);
    const std::string filled(data, sizeof data);
    const size_t end = filled.find_last_not_of('.');
    return end == std::string::npos ? text : text + " '" + filled.substr(0, end + 1) + "'";
  }
};

std::string run_recv(Subject& subject, long flags) {
  Buffer buffer;
  return buffer.after(recv(subject.fd, buffer.data, sizeof buffer.data, static_cast<int>(flags)));
}

std::string run_recv_three(Subject& subject, long flags) {
  Buffer buffer;
  return buffer.after(recv(subject.fd, buffer.data, 3, static_cast<int>(flags)));
}

std::string run_recv_nothing(Subject& subject, long flags) {
  Buffer buffer;
  return buffer.after(recv(subject.fd, buffer.data, 0, static_cast<int>(flags)));
}

std::string run_recv_null(Subject& subject, long size) {
  void* volatile null = nullptr;
  return outcome(recv(subject.fd, null, static_cast<size_t>(size), 0));
}

std::string run_read(Subject& subject, long size) {
  Buffer buffer;
  return buffer.after(read(subject.fd, buffer.data, static_cast<size_t>(size)));
}

std::string run_readv(Subject& subject, long first) {
  Buffer buffer;
  const iovec pieces[3] = {{buffer.data, static_cast<size_t>(first)}, {buffer.data, 0}, {buffer.data + 5, 0}};
  iovec three[3] = {pieces[0], pieces[1], pieces[2]};
  if (first != 0) three[2].iov_len = 8;
  return buffer.after(readv(subject.fd, three, 3));
}

std::string run_readv_count(Subject& subject, long count) {
  Buffer buffer;
  iovec piece = {buffer.data, sizeof buffer.data};
  return buffer.after(readv(subject.fd, &piece, static_cast<int>(count)));
}

std::string run_recvfrom(Subject& subject, long room) {
  Buffer buffer;
  Address from;
  from.length = static_cast<socklen_t>(room);
  const ssize_t size = recvfrom(subject.fd, buffer.data, sizeof buffer.data, 0, from.get(), &from.length);
  std::string text = buffer.after(size);
  if (size >= 0)
    text += " from " + (from.length == static_cast<socklen_t>(room) && room < 16
                            ? "the same length"
                            : describe(from, static_cast<socklen_t>(room)));
  return text;
}

std::string run_recvfrom_no_length(Subject& subject, long) {
  Buffer buffer;
  Address from;
  socklen_t* volatile null = nullptr;
  return buffer.after(recvfrom(subject.fd, buffer.data, sizeof buffer.data, 0, from.get(), null));
}

std::string run_recvmsg(Subject& subject, long size) {
  Buffer buffer;
  Address from;
  char control[64];
  iovec pieces[2] = {{buffer.data, 1}, {buffer.data + 1, static_cast<size_t>(size) - 1}};
  msghdr message{};
  message.msg_name = from.get();
  message.msg_namelen = from.length;
  message.msg_iov = pieces;
  message.msg_iovlen = size == 0 ? 0 : 2;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  message.msg_flags = -1;
  const ssize_t result = recvmsg(subject.fd, &message, 0);
  std::string text = buffer.after(result);
  if (result < 0) return text;
  from.length = message.msg_namelen;
  text += " from " + describe(from, sizeof from.storage);
  text += " control " + std::to_string(message.msg_controllen);
  text += message.msg_flags == 0 ? " no flags" : "";
  for (const Flag& flag : flags) {
    if ((message.msg_flags & flag.value) == flag.value) text += std::string(" ") + flag.name;
  }
  return text;
}

std::string run_recvmsg_bare(Subject& subject, long flags) {
  Buffer buffer;
  iovec piece = {buffer.data, 4};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_controllen = 7;  // without msg_control
  const ssize_t result = recvmsg(subject.fd, &message, static_cast<int>(flags));
  std::string text = buffer.after(result);
  if (result < 0) return text;
  return text + " name " + std::to_string(message.msg_namelen) + " control " + std::to_string(message.msg_controllen) +
         ((message.msg_flags & MSG_TRUNC) != 0 ? " MSG_TRUNC" : "") +
         ((message.msg_flags & MSG_CTRUNC) != 0 ? " MSG_CTRUNC" : "");
}

}  // namespace

void add_receiving(std::vector<Operation>& list) {
  for (const Flag& flag : flags) list.push_back({std::string("recv ") + flag.name, run_recv, flag.value});
  list.push_back({"recv no flags", run_recv, 0});
  list.push_back({"recv MSG_PEEK|MSG_TRUNC", run_recv, MSG_PEEK | MSG_TRUNC});
  list.push_back({"recv MSG_PEEK|MSG_WAITALL", run_recv, MSG_PEEK | MSG_WAITALL});
  list.push_back({"recv MSG_OOB|MSG_PEEK", run_recv, MSG_OOB | MSG_PEEK});
  list.push_back({"recv unknown flag", run_recv, unknown_flag});
  list.push_back({"recv of 3", run_recv_three, 0});
  list.push_back({"recv of 3 MSG_PEEK", run_recv_three, MSG_PEEK});
  list.push_back({"recv of 3 MSG_TRUNC", run_recv_three, MSG_TRUNC});
  list.push_back({"recv of 3 MSG_WAITALL", run_recv_three, MSG_WAITALL});
  list.push_back({"recv of 3 MSG_PEEK|MSG_TRUNC", run_recv_three, MSG_PEEK | MSG_TRUNC});
  list.push_back({"recv of 0", run_recv_nothing, 0});
  list.push_back({"recv of 0 MSG_PEEK", run_recv_nothing, MSG_PEEK});
  list.push_back({"recv of 0 MSG_TRUNC", run_recv_nothing, MSG_TRUNC});
  list.push_back({"recv NULL", run_recv_null, 5});
  list.push_back({"recv NULL of 0", run_recv_null, 0});
  list.push_back({"read", run_read, 16});
  list.push_back({"read of 2", run_read, 2});
  list.push_back({"read of 0", run_read, 0});
  list.push_back({"readv", run_readv, 2});
  list.push_back({"readv of 0 bytes", run_readv, 0});
  list.push_back({"readv of 0 pieces", run_readv_count, 0});
  list.push_back({"readv of -1 pieces", run_readv_count, -1});
  list.push_back({"recvfrom", run_recvfrom, sizeof(sockaddr_storage)});
  list.push_back({"recvfrom with 4 bytes of address", run_recvfrom, 4});
  list.push_back({"recvfrom with 0 bytes of address", run_recvfrom, 0});
  list.push_back({"recvfrom with -1 bytes of address", run_recvfrom, -1});
  list.push_back({"recvfrom without a length", run_recvfrom_no_length, 0});
  list.push_back({"recvmsg", run_recvmsg, 16});
  list.push_back({"recvmsg of 3", run_recvmsg, 3});
  list.push_back({"recvmsg of nothing", run_recvmsg, 0});
  list.push_back({"recvmsg bare", run_recvmsg_bare, 0});
  list.push_back({"recvmsg bare MSG_TRUNC", run_recvmsg_bare, MSG_TRUNC});
  list.push_back({"recvmsg bare MSG_PEEK", run_recvmsg_bare, MSG_PEEK});
  list.push_back({"recvmsg bare MSG_ERRQUEUE", run_recvmsg_bare, MSG_ERRQUEUE});
}

}  // namespace operations
