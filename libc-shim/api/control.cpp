// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "api/control.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/time.h>

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

// The address that a datagram is to come from. The socket's own is what it comes from anyway; another can't be chosen,
// and neither can the interface that it leaves by.
Errno check_packet_info(Socket& socket, const cmsghdr& header) {
  const bool ipv4 = socket.family() == Family::ipv4;
  const size_t size = ipv4 ? sizeof(in_pktinfo) : sizeof(in6_pktinfo);
  if (header.cmsg_level != (ipv4 ? IPPROTO_IP : IPPROTO_IPV6) ||
      header.cmsg_type != (ipv4 ? IP_PKTINFO : IPV6_PKTINFO) || header.cmsg_len < CMSG_LEN(size))
    return EINVAL;
  SocketAddress source = SocketAddress::any(socket.family());
  in_pktinfo info;
  in6_pktinfo info6;
  if (ipv4) {
    memcpy(&info, CMSG_DATA(&header), sizeof info);
    memcpy(source.bytes, &info.ipi_spec_dst, sizeof info.ipi_spec_dst);
    if (info.ipi_ifindex != 0) return EINVAL;
  } else {
    memcpy(&info6, CMSG_DATA(&header), sizeof info6);
    memcpy(source.bytes, &info6.ipi6_addr, sizeof info6.ipi6_addr);
    if (info6.ipi6_ifindex != 0) return EINVAL;
  }
  if (source.is_unspecified()) return success;
  const Result<SocketAddress> own = socket.local_address();
  return own.ok() && memcmp(own.value().bytes, source.bytes, sizeof source.bytes) == 0 ? success : Errno(EINVAL);
}

}  // namespace

Errno read_control(Socket& socket, const msghdr& message, SendRequest& request) {
  if (message.msg_control == nullptr || message.msg_controllen == 0) return success;
  if (!accessible(message.msg_control, message.msg_controllen)) return EFAULT;
  const auto* end = static_cast<const char*>(message.msg_control) + message.msg_controllen;
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr;
       header = CMSG_NXTHDR(const_cast<msghdr*>(&message), header)) {
    const auto left = static_cast<size_t>(end - reinterpret_cast<const char*>(header));
    if (header->cmsg_len < sizeof(cmsghdr) || header->cmsg_len > left) return EINVAL;
    const bool about_ip = header->cmsg_level == IPPROTO_IP || header->cmsg_level == IPPROTO_IPV6;
    if (about_ip && socket.type() == SocketType::datagram && socket.family() != Family::local) {
      const Errno error = check_packet_info(socket, *header);
      if (!error.ok()) return error;
    }
    if (header->cmsg_level != SOL_SOCKET) continue;
    if (header->cmsg_type != SCM_RIGHTS) return EINVAL;
    if (socket.family() != Family::local) continue;
    const Errno error = read_rights(*header, request);
    if (!error.ok()) return error;
  }
  return success;
}

namespace {

// Where the next control message goes.
struct Room {
  unsigned char* next;
  size_t left;

  bool fits(size_t size) const { return left >= CMSG_LEN(size); }
  unsigned char* data() const { return next + CMSG_LEN(0); }
  // Heads the data that was written, of a size that fits, and goes on behind it.
  void finish(int type, size_t size) {
    const cmsghdr header = {static_cast<socklen_t>(CMSG_LEN(size)), SOL_SOCKET, type};
    memcpy(next, &header, sizeof header);
    const size_t used = CMSG_SPACE(size) < left ? CMSG_SPACE(size) : left;
    next += used;
    left -= used;
  }
};

void write_timestamp(ReceiveRequest& request, Room& room) {
  timeval now;
  if (!room.fits(sizeof now)) {
    request.out_flags |= MSG_CTRUNC;
    return;
  }
  gettimeofday(&now, nullptr);
  memcpy(room.data(), &now, sizeof now);
  room.finish(SCM_TIMESTAMP, sizeof now);
}

void write_rights(ReceiveRequest& request, Room& room) {
  LocalRights* rights = request.rights.get();
  if (rights == nullptr) return;
  size_t given = 0;
  const auto count = static_cast<size_t>(rights->count);
  while (given < count && room.fits((given + 1) * sizeof(int))) {
    Description* description = rights->descriptions[given];
    ++description->references;  // install() gives it back if it fails
    Result<int> number = fd::install(description, (request.flags & MSG_CMSG_CLOEXEC) != 0);
    if (!number.ok()) break;
    memcpy(room.data() + given * sizeof(int), &number.value(), sizeof(int));
    ++given;
  }
  if (given < count) request.out_flags |= MSG_CTRUNC;
  request.rights.reset(nullptr);
  if (given != 0) room.finish(SCM_RIGHTS, given * sizeof(int));
}

}  // namespace

void write_control(const Socket& socket, ReceiveRequest& request, msghdr& message) {
  const size_t length = message.msg_control != nullptr ? message.msg_controllen : 0;
  Room room = {static_cast<unsigned char*>(message.msg_control), accessible(message.msg_control, length) ? length : 0};
  if (socket.options.is_on(Stored::timestamp) && socket.type() != SocketType::stream) write_timestamp(request, room);
  write_rights(request, room);
  message.msg_controllen = static_cast<socklen_t>(room.next - static_cast<unsigned char*>(message.msg_control));
}

}  // namespace posix_sockets
