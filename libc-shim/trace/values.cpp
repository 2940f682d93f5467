// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Buffers, messages, times and descriptor sets.
#include "trace/values.h"

#include "api/fd_set.h"
#include "support/pointer.h"
#include "trace/names.h"

namespace posix_sockets::trace {
namespace {

constexpr long most_shown = 16;  // of the elements of a list

void put_control(const msghdr& message) {
  if (!accessible(message.msg_control, message.msg_controllen)) return put(Pointer{message.msg_control});
  put('[');
  const char* comma = "";
  auto* copy = const_cast<msghdr*>(&message);
  for (cmsghdr* header = CMSG_FIRSTHDR(copy); header != nullptr; header = CMSG_NXTHDR(copy, header)) {
    put(comma);
    comma = ", ";
    put("{cmsg_len=");
    put(static_cast<long long>(header->cmsg_len));
    put(", cmsg_level=");
    put(header->cmsg_level == SOL_SOCKET ? "SOL_SOCKET" : "?");
    put(", cmsg_type=");
    if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS) {
      put("SCM_RIGHTS");
    } else if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_TIMESTAMP) {
      put("SCM_TIMESTAMP");
    } else {
      put(header->cmsg_type);
    }
    put('}');
    if (header->cmsg_len < sizeof *header) break;
  }
  put(']');
}

template <class Time, class Part>
void put_time(const Time* time, const char* part_name, Part part) {
  if (time == nullptr || !accessible(time)) return put(Pointer{time});
  put("{tv_sec=");
  put(static_cast<long long>(time->tv_sec));
  put(part_name);
  put(static_cast<long long>(time->*part));
  put('}');
}

}  // namespace

void put(Vector vector) {
  if (vector.count < 0 || vector.count > 1024 ||
      !accessible(vector.vector, static_cast<size_t>(vector.count) * sizeof(iovec)))
    return put(Pointer{vector.vector});
  put('[');
  size_t left = vector.bytes;
  for (long i = 0; i < vector.count; ++i) {
    if (i != 0) put(", ");
    if (i == most_shown) {
      put("...");
      break;
    }
    const iovec& piece = vector.vector[i];
    const size_t size = piece.iov_len < left ? piece.iov_len : left;
    left -= size;
    put("{iov_base=");
    put(Data{piece.iov_base, size});
    put(", iov_len=");
    put(static_cast<long long>(piece.iov_len));
    put('}');
  }
  put(']');
}

void put(Message message) {
  const msghdr* header = message.message;
  if (header == nullptr || !accessible(header)) return put(Pointer{header});
  put("{msg_name=");
  put(Address{static_cast<const sockaddr*>(header->msg_name), header->msg_namelen});
  put(", msg_namelen=");
  put(static_cast<long long>(header->msg_namelen));
  put(", msg_iov=");
  put(Vector{header->msg_iov, static_cast<long>(header->msg_iovlen), message.bytes});
  put(", msg_iovlen=");
  put(static_cast<long long>(header->msg_iovlen));
  if (header->msg_controllen != 0) {
    put(", msg_control=");
    put_control(*header);
  }
  put(", msg_controllen=");
  put(static_cast<long long>(header->msg_controllen));
  if (message.received) {
    put(", msg_flags=");
    put(Flags{message_flags, static_cast<uint32_t>(header->msg_flags)});
  }
  put('}');
}

void put(TimeVal value) { put_time(value.time, ", tv_usec=", &timeval::tv_usec); }
void put(TimeSpec value) { put_time(value.time, ", tv_nsec=", &timespec::tv_nsec); }

void put(DescriptorSet set) {
  if (set.set == nullptr || !accessible(set.set)) return put(Pointer{set.set});
  put('[');
  bool any = false;
  for_each_member(*set.set, set.limit, [&](int number) {
    if (any) put(' ');
    any = true;
    put(number);
  });
  put(']');
}

}  // namespace posix_sockets::trace
