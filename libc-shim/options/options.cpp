// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The rules that hold for all options: which row is meant, the lengths, and in which order the kernel looks at what.
#include "options/options.h"

#include <string.h>
#include <sys/time.h>

#include "description/verbs.h"
#include "options/table.h"
#include "support/pointer.h"
#include "unix/credentials.h"

namespace posix_sockets::options {
namespace {

constexpr uint64_t us_per_s = 1000000;
// A time-out of 0 is none, so this is not to wait at all. It is below what the kernel can tell from 0.
constexpr uint64_t no_wait_us = 1;

template <class AnyRow>
bool is_of(const AnyRow& row, const Socket& socket, int level, int name) {
  return row.level == static_cast<uint8_t>(level) && row.name == name && (row.types & bit(socket.type())) != 0 &&
         (row.families & bit(socket.family())) != 0;
}

bool has_form(const Row& row, Form form) { return row.form == static_cast<uint8_t>(form); }
Setting setting_of(const Row& row) {
  return row.accessor.access == Access::kept ? static_cast<Setting>(row.accessor.slot) : Setting::never;
}

Row row_of(const DefaultRow& row) {
  const auto setting = static_cast<Setting>(row.setting);
  const uint8_t rights = setting == Setting::never ? can_get : can_get | can_set;
  const Access access = setting == Setting::foreign ? Access::unsupported : Access::kept;
  return {row.level, INT8_MIN,  UINT16_MAX,
          row.name,  row.types, row.families,
          rights,    row.form,  {access, static_cast<uint8_t>(row.setting), row.value}};
}

// False: there is none.
bool find(const Socket& socket, int level, int name, Row& found) {
  // The table keeps 8 bits of the level; these are the levels whose 8 bits are theirs alone.
  if (level != SOL_SOCKET && level != IPPROTO_IP && level != IPPROTO_IPV6 && level != protocol(socket)) return false;
  for (const Row& row : def::rows)
    if (is_of(row, socket, level, name)) return found = row, true;
  for (const DefaultRow& row : def::defaults)
    if (is_of(row, socket, level, name)) return found = row_of(row), true;
  return false;
}

// AF_UNIX has the options of all sockets only.
bool lacks_levels(const Socket& socket, int level) {
  return socket.family() == Family::unix_domain && level != SOL_SOCKET;
}

uint64_t& timeout(Socket& socket, const Row& row) {
  return row.accessor.access == Access::receive_timeout ? socket.options.receive_timeout_us
                                                        : socket.options.send_timeout_us;
}

Errno give(void* out, socklen_t* length, const void* value, socklen_t size) {
  if (*length < size) size = *length;
  if (!accessible(out, size)) return EFAULT;
  if (size != 0) memcpy(out, value, size);
  *length = size;
  return success;
}

Errno get_linger(Socket& socket, void* out, socklen_t* length) {
  const struct linger linger = {socket.options.linger ? 1 : 0, socket.options.linger_seconds};
  return give(out, length, &linger, sizeof linger);
}

Errno set_linger(Socket& socket, const void* value, socklen_t length) {
  struct linger linger;
  if (length < sizeof linger) return EINVAL;
  if (!accessible(value, sizeof linger)) return EFAULT;
  memcpy(&linger, value, sizeof linger);
  socket.options.linger = linger.l_onoff != 0;
  if (socket.options.linger) socket.options.linger_seconds = linger.l_linger < 0 ? INT_MAX : linger.l_linger;
  return success;
}

// Whole or the first part of it.
Errno get_credentials(Socket& socket, void* out, socklen_t* length) {
  constexpr unsigned nobody = ~0U;
  const ucred peer = socket.knows_peer() ? own_credentials() : ucred{0, nobody, nobody};
  return give(out, length, &peer, sizeof peer);
}

Errno get_timeval(Socket& socket, const Row& row, void* out, socklen_t* length) {
  const uint64_t us = timeout(socket, row);
  timeval time = {};
  if (us != no_wait_us) {
    time.tv_sec = static_cast<decltype(time.tv_sec)>(us / us_per_s);
    time.tv_usec = static_cast<decltype(time.tv_usec)>(us % us_per_s);
  }
  return give(out, length, &time, sizeof time);
}

Errno set_timeval(Socket& socket, const Row& row, const void* value, socklen_t length) {
  timeval time;
  if (length < sizeof time) return EINVAL;
  if (!accessible(value, sizeof time)) return EFAULT;
  memcpy(&time, value, sizeof time);
  if (time.tv_usec < 0 || time.tv_usec >= static_cast<long long>(us_per_s)) return EDOM;
  const auto seconds = static_cast<uint64_t>(time.tv_sec);
  if (time.tv_sec < 0) {
    timeout(socket, row) = no_wait_us;
  } else if (seconds >= INT64_MAX / 1000 / us_per_s) {
    timeout(socket, row) = 0;  // beyond what a clock of nanoseconds reaches
  } else {
    timeout(socket, row) = seconds * us_per_s + static_cast<uint64_t>(time.tv_usec);
  }
  return success;
}

// The first part of struct tcp_info: all that is known. Old kernels gave less than new ones, too.
Errno get_connection(Socket& socket, void* out, socklen_t* length) {
  const uint8_t state = verbs::as_tcp(socket)->tcp_state();
  return give(out, length, &state, sizeof state);
}

// A list of something, which is to stay empty. The name of a device may also be one that ends at once.
Errno set_nothing(const Row& row, const void* value, socklen_t length) {
  if (setting_of(row) != Setting::keeps) return write_kept(row, 0);
  if (length == 0) return success;
  if (value == nullptr && row.level == IPPROTO_IPV6) return EINVAL;
  if (!accessible(value, length)) return EFAULT;
  const bool is_name = row.level == static_cast<uint8_t>(SOL_SOCKET);
  return is_name && *static_cast<const char*>(value) == '\0' ? success : Errno(ENOPROTOOPT);
}

}  // namespace

Errno get(Socket& socket, int level, int name, void* value, socklen_t* length) {
  if (lacks_levels(socket, level)) return EOPNOTSUPP;
  const bool is_ipv6 = level == IPPROTO_IPV6 && socket.family() == Family::ipv6;
  if (level != SOL_SOCKET && level != IPPROTO_IP && level != protocol(socket) && !is_ipv6)
    return socket.family() == Family::ipv4 ? EOPNOTSUPP : ENOPROTOOPT;
  if (!accessible(length)) return EFAULT;
  if (static_cast<int>(*length) < 0 && !is_ipv6) return EINVAL;  // IPv6 doesn't look at the sign
  Row row;
  if (!find(socket, level, name, row) || (row.rights & can_get) == 0) return ENOPROTOOPT;
  switch (static_cast<Form>(row.form)) {
    case Form::linger:
      return get_linger(socket, value, length);
    case Form::timeval:
      return get_timeval(socket, row, value, length);
    case Form::credentials:
      return get_credentials(socket, value, length);
    case Form::connection:
      return get_connection(socket, value, length);
    case Form::nothing:
      return give(value, length, nullptr, 0);
    case Form::zeros:
    case Form::address: {
      constexpr char zeros[8] = {};
      return give(value, length, zeros, has_form(row, Form::zeros) ? sizeof zeros : sizeof(in_addr));
    }
    default:
      break;
  }
  const Result<int> result = read(socket, row);
  if (!result.ok()) return result.error();
  if (level == IPPROTO_IP && *length > 0 && *length < sizeof(int) && result.value() >= 0 &&
      result.value() <= UINT8_MAX) {
    const auto byte = static_cast<unsigned char>(result.value());
    return give(value, length, &byte, 1);
  }
  return give(value, length, &result.value(), sizeof(int));
}

namespace {

// What the kernel says of an option with a Setting before it looks at the value. EAGAIN: it goes on.
Errno check_setting(const Row& row, const void* value, socklen_t length) {
  const Setting setting = setting_of(row);
  if (setting == Setting::never) return EAGAIN;
  if (has_form(row, Form::nothing)) return set_nothing(row, value, length);
  if (has_form(row, Form::address) && (setting == Setting::invalid || length < sizeof(in_addr))) return EINVAL;
  if (setting == Setting::filled && length == 0) return EINVAL;
  if (setting == Setting::exact && length != sizeof(int)) return EINVAL;
  return setting == Setting::loose && length < sizeof(int) ? success : Errno(EAGAIN);
}

// The number that is to be set.
Result<int> take_number(int level, const void* value, socklen_t length) {
  int number = 0;
  if (level == IPPROTO_IP && length < sizeof(int)) {
    // One byte will do, and none is 0.
    if (!accessible(value, length)) return Errno(EFAULT);
    if (length != 0) number = *static_cast<const unsigned char*>(value);
  } else if (length < sizeof(int)) {
    return Errno(EINVAL);
  } else if (level != IPPROTO_IPV6 || value != nullptr) {  // NULL is 0 there
    if (!accessible(value, sizeof number)) return Errno(EFAULT);
    memcpy(&number, value, sizeof number);
  }
  return number;
}

bool is_in_range(const Row& row, int number) {
  return (row.minimum == INT8_MIN || number >= row.minimum) && (row.maximum == UINT16_MAX || number <= row.maximum);
}

}  // namespace

Errno set(Socket& socket, int level, int name, const void* value, socklen_t length) {
  if (static_cast<int>(length) < 0) return EINVAL;
  if (lacks_levels(socket, level)) return EOPNOTSUPP;
  Row row;
  const bool is_known = find(socket, level, name, row);
  if (is_known) {
    const Errno answer = check_setting(row, value, length);
    if (!(answer == EAGAIN)) return answer;
  }
  if (level == SOL_SOCKET || level == protocol(socket)) {
    // Looked at before the name, as in the kernel.
    if (length < sizeof(int)) return EINVAL;
    if (!accessible(value, sizeof(int))) return EFAULT;
  }
  if (!is_known || (row.rights & can_set) == 0) return ENOPROTOOPT;
  if (has_form(row, Form::linger)) return set_linger(socket, value, length);
  if (has_form(row, Form::timeval)) return set_timeval(socket, row, value, length);
  const Result<int> number = take_number(level, value, length);
  if (!number.ok()) return number.error();
  if (has_form(row, Form::boolean)) return write(socket, row, number.value() != 0);
  return is_in_range(row, number.value()) ? write(socket, row, number.value()) : Errno(EINVAL);
}

}  // namespace posix_sockets::options
