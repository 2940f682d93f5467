// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "api/control.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/time.h>

#include "api/packet_info.h"
#include "file/file.h"
#include "unix/credentials.h"
#include "unix/rights.h"

namespace posix_sockets {
namespace {

Errno read_rights(const cmsghdr& header, SendRequest& request) {
  const size_t count = (header.cmsg_len - CMSG_LEN(0)) / sizeof(int);
  if (count == 0) return success;
  if (request.rights.get() == nullptr) request.rights.reset(UnixRights::create());
  UnixRights* rights = request.rights.get();
  if (rights == nullptr) return ENOMEM;
  if (count > static_cast<size_t>(UnixRights::most - rights->count)) return EINVAL;
  for (size_t i = 0; i < count; ++i) {
    int number;
    memcpy(&number, CMSG_DATA(&header) + i * sizeof number, sizeof number);
    Description* description = fd::find(number);
    if (description == nullptr) return EBADF;
    rights->add(description);
  }
  return success;
}

// Only what is true may be said, without privileges.
Errno read_credentials(const cmsghdr& header, SendRequest& request) {
  const ucred own = own_credentials();
  ucred sent;
  if (header.cmsg_len != CMSG_LEN(sizeof sent)) return EINVAL;
  memcpy(&sent, CMSG_DATA(&header), sizeof sent);
  if (sent.pid != own.pid || sent.uid != own.uid || sent.gid != own.gid) return EPERM;
  request.has_credentials = true;
  return success;
}

// The options of one datagram, as the kernel's ip_cmsg_send() and ip6_datagram_send_ctl() know them. Hop limits are kept, the
// traffic class is a hint like the option; what a host can't honour is no option.
Errno read_ip_option(Socket& socket, const cmsghdr& header, SendRequest& request) {
  const bool ipv6 = socket.family() == Family::ipv6;
  if (header.cmsg_level == IPPROTO_UDP) return EINVAL;
  if (header.cmsg_level != (ipv6 ? IPPROTO_IPV6 : IPPROTO_IP)) return success;
  if (header.cmsg_type == (ipv6 ? IPV6_PKTINFO : IP_PKTINFO))
    return check_packet_info(socket, header, request.destination);
  const bool hops = header.cmsg_type == (ipv6 ? IPV6_HOPLIMIT : IP_TTL);
  const bool traffic = header.cmsg_type == (ipv6 ? IPV6_TCLASS : IP_TOS);
  if (!hops && !traffic) return EINVAL;
  int value;
  if (header.cmsg_len == CMSG_LEN(sizeof value)) {
    memcpy(&value, CMSG_DATA(&header), sizeof value);
  } else if (!ipv6 && traffic && header.cmsg_len == CMSG_LEN(1)) {
    value = *CMSG_DATA(&header);
  } else {
    return EINVAL;
  }
  const int least = ipv6 ? -1 : hops ? 1 : 0;
  if (value < least || value > UINT8_MAX) return EINVAL;
  if (hops && value > 0) request.hop_limit = static_cast<uint8_t>(value);
  return success;
}

}  // namespace

Errno read_control(Socket& socket, const msghdr& message, SendRequest& request) {
  if (message.msg_controllen == 0) return success;
  if (!accessible(message.msg_control, message.msg_controllen)) return EFAULT;
  const auto* end = static_cast<const char*>(message.msg_control) + message.msg_controllen;
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr;
       header = CMSG_NXTHDR(const_cast<msghdr*>(&message), header)) {
    const auto left = static_cast<size_t>(end - reinterpret_cast<const char*>(header));
    if (header->cmsg_len < sizeof(cmsghdr) || header->cmsg_len > left) return EINVAL;
    if (header->cmsg_level != SOL_SOCKET) {
      const bool udp = socket.type() == SocketType::datagram && socket.family() != Family::unix_domain;
      const Errno error = udp ? read_ip_option(socket, *header, request) : success;
      if (!error.ok()) return error;
      continue;
    }
    if (header->cmsg_type != SCM_RIGHTS && header->cmsg_type != SCM_CREDENTIALS) return EINVAL;
    if (socket.family() != Family::unix_domain) continue;
    const Errno error =
        header->cmsg_type == SCM_RIGHTS ? read_rights(*header, request) : read_credentials(*header, request);
    if (!error.ok()) return error;
  }
  return success;
}

namespace {

// Where the next control message goes.
struct Room {
  unsigned char* next;
  size_t left;
  int& flags;  // MSG_CTRUNC: something didn't fit

  bool fits(size_t size) const { return left >= CMSG_LEN(size); }
  unsigned char* data() const { return next + CMSG_LEN(0); }
  // Heads the data that was written, of a size that fits, and goes on behind it.
  void finish(int level, int type, size_t size) {
    const cmsghdr header = {static_cast<socklen_t>(CMSG_LEN(size)), level, type};
    memcpy(next, &header, sizeof header);
    const size_t used = CMSG_SPACE(size) < left ? CMSG_SPACE(size) : left;
    next += used;
    left -= used;
  }
  // A message whose data are cut to what fits, as the kernel's put_cmsg does.
  void put(int level, int type, const void* value, size_t size) {
    if (!fits(size)) flags |= MSG_CTRUNC;
    if (!fits(0)) return;
    if (!fits(size)) size = left - CMSG_LEN(0);
    memcpy(data(), value, size);
    finish(level, type, size);
  }
};

void write_timestamp(Room& room) {
  timeval now;
  gettimeofday(&now, nullptr);
  room.put(SOL_SOCKET, SCM_TIMESTAMP, &now, sizeof now);
}

void write_packet_info(Socket& socket, const ReceiveRequest& request, Room& room) {
  const bool v4 = socket.options.packet_info && (socket.family() == Family::ipv4 || request.source.is_ipv4_mapped());
  const bool v6 = socket.options.packet_info6;
  if (!request.has_source || (!v4 && !v6)) return;
  const SocketAddress address = arrived_at(socket, request.source);
  const unsigned index = interface_of(address);
  if (v4) {
    const SocketAddress plain = to_family(address, Family::ipv4);
    in_pktinfo info = {};
    info.ipi_ifindex = static_cast<int>(index);
    memcpy(&info.ipi_spec_dst, plain.bytes, sizeof info.ipi_spec_dst);
    memcpy(&info.ipi_addr, plain.bytes, sizeof info.ipi_addr);
    room.put(IPPROTO_IP, IP_PKTINFO, &info, sizeof info);
  }
  if (v6) {
    in6_pktinfo info = {};
    info.ipi6_ifindex = index;
    memcpy(&info.ipi6_addr, address.bytes, sizeof info.ipi6_addr);
    room.put(IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof info);
  }
}

void write_credentials(const ReceiveRequest& request, Room& room) {
  constexpr unsigned nobody = 65534;
  ucred sender = {};
  if (request.credentials == Credentials::unknown) sender.uid = sender.gid = nobody;
  if (request.credentials == Credentials::own) sender = own_credentials();
  room.put(SOL_SOCKET, SCM_CREDENTIALS, &sender, sizeof sender);
}

void write_rights(ReceiveRequest& request, Room& room) {
  UnixRights* rights = request.rights.get();
  if (rights == nullptr) return;
  size_t given = 0;
  const auto count = static_cast<size_t>(rights->count);
  while (given < count && room.fits((given + 1) * sizeof(int))) {
    Description* description = successor_of(rights->descriptions[given]);
    ++description->references;  // install() gives it back if it fails
    Result<int> number = fd::install(description, (request.flags & MSG_CMSG_CLOEXEC) != 0);
    if (!number.ok()) break;
    memcpy(room.data() + given * sizeof(int), &number.value(), sizeof(int));
    ++given;
  }
  if (given < count) room.flags |= MSG_CTRUNC;
  request.rights.reset(nullptr);
  if (given != 0) room.finish(SOL_SOCKET, SCM_RIGHTS, given * sizeof(int));
}

}  // namespace

void write_control(Socket& socket, ReceiveRequest& request, size_t received, msghdr& message) {
  const size_t length = message.msg_control != nullptr ? message.msg_controllen : 0;
  Room room = {static_cast<unsigned char*>(message.msg_control), accessible(message.msg_control, length) ? length : 0,
               request.out_flags};
  // A stream's stamp is that of its data; AF_UNIX streams have none.
  const bool stamped = socket.type() != SocketType::stream || (socket.family() != Family::unix_domain && received != 0);
  if (socket.options.is_on(Stored::timestamp) && stamped) write_timestamp(room);
  if (socket.type() == SocketType::datagram && socket.family() != Family::unix_domain)
    write_packet_info(socket, request, room);
  // A stream has its end from somebody, too.
  const bool has_sender =
      socket.family() == Family::unix_domain && (request.credentials != Credentials::none || socket.is_stream());
  if (socket.options.is_on(Stored::pass_credentials) && has_sender) write_credentials(request, room);
  write_rights(request, room);
  message.msg_controllen = static_cast<socklen_t>(room.next - static_cast<unsigned char*>(message.msg_control));
}

}  // namespace posix_sockets
