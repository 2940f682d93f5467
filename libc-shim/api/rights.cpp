// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "api/rights.h"

#include <string.h>

#include "kinds/local_rights.h"

namespace posix_sockets {
namespace {

Errno read_rights(const cmsghdr& header, SendRequest& request) {
  const size_t count = (header.cmsg_len - CMSG_LEN(0)) / sizeof(int);
  if (count == 0) return success;
  if (request.rights.get() == nullptr) request.rights.reset(LocalRights::create());
  LocalRights* rights = request.rights.get();
  if (rights == nullptr) return ENOMEM;
  if (count > static_cast<size_t>(LocalRights::most - rights->count)) return EINVAL;
  for (size_t i = 0; i < count; ++i) {
    int number;
    memcpy(&number, CMSG_DATA(&header) + i * sizeof number, sizeof number);
    Description* description = fd::find(number);
    if (description == nullptr) return EBADF;
    rights->add(description);
  }
  return success;
}

}  // namespace

Errno read_control(Socket& socket, const msghdr& message, SendRequest& request) {
  if (message.msg_control == nullptr || message.msg_controllen == 0) return success;
  if (socket.family() != Family::local) return EINVAL;
  if (!accessible(message.msg_control, message.msg_controllen)) return EFAULT;
  const auto* end = static_cast<const char*>(message.msg_control) + message.msg_controllen;
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
    const auto left = static_cast<size_t>(end - reinterpret_cast<const char*>(header));
    if (header->cmsg_len < sizeof(cmsghdr) || header->cmsg_len > left) return EINVAL;
    if (header->cmsg_level != SOL_SOCKET) continue;
    if (header->cmsg_type != SCM_RIGHTS) return EINVAL;
    const Errno error = read_rights(*header, request);
    if (!error.ok()) return error;
  }
  return success;
}

void write_control(ReceiveRequest& request, msghdr& message) {
  size_t room = message.msg_control != nullptr ? message.msg_controllen : 0;
  message.msg_controllen = 0;
  LocalRights* rights = request.rights.get();
  if (rights == nullptr) return;
  if (!accessible(message.msg_control, room)) room = 0;
  int given = 0;
  while (given < rights->count && room >= CMSG_LEN((static_cast<size_t>(given) + 1) * sizeof(int))) {
    Description* description = rights->descriptions[given];
    ++description->references;
    Result<int> number = fd::install(description, (request.flags & MSG_CMSG_CLOEXEC) != 0);
    if (!number.ok()) break;
    unsigned char* data = CMSG_DATA(static_cast<cmsghdr*>(message.msg_control));
    memcpy(data + static_cast<size_t>(given) * sizeof(int), &number.value(), sizeof(int));
    ++given;
  }
  if (given < rights->count) request.out_flags |= MSG_CTRUNC;
  request.rights.reset(nullptr);
  if (given == 0) return;
  const size_t size = static_cast<size_t>(given) * sizeof(int);
  const cmsghdr header = {static_cast<socklen_t>(CMSG_LEN(size)), SOL_SOCKET, SCM_RIGHTS};
  memcpy(message.msg_control, &header, sizeof header);
  const size_t used = CMSG_SPACE(size);
  message.msg_controllen = static_cast<socklen_t>(used < room ? used : room);
}

}  // namespace posix_sockets
