// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// getaddrinfo, getnameinfo, gethostbyname, gethostbyaddr and their forms.
#include <netdb.h>
#include <sys/socket.h>

#include "support/pointer.h"
#include "trace/below.h"
#include "trace/call.h"
#include "trace/names.h"
#include "trace/values.h"

namespace posix_sockets::trace {

constexpr int most_shown = 8;

struct Hints {
  const addrinfo* hints;
};
static void put(Hints value) {
  const addrinfo* hints = value.hints;
  if (hints == nullptr || !accessible(hints)) return put(Pointer{hints});
  put("{ai_flags=");
  put(Flags{ai_flags, static_cast<uint32_t>(hints->ai_flags)});
  put(", ai_family=");
  put(Named{families, hints->ai_family});
  put(", ai_socktype=");
  put(Named{types, hints->ai_socktype});
  put(", ai_protocol=");
  put(Named{protocols, hints->ai_protocol});
  put('}');
}

struct Found {
  addrinfo* const* list;
  bool failed;
};
static void put(Found found) {
  if (found.failed) return put(Pointer{found.list});
  int shown = 0;
  put('[');
  for (const addrinfo* entry = *found.list; entry != nullptr; entry = entry->ai_next) {
    if (shown++ != 0) put(", ");
    if (shown > most_shown) {
      put("...");
      break;
    }
    put(Address{entry->ai_addr, entry->ai_addrlen});
    put(' ');
    put(Named{types, entry->ai_socktype});
    if (entry->ai_canonname == nullptr) continue;
    put(' ');
    put(Text{entry->ai_canonname});
  }
  put(']');
}

static void put_host(const hostent* host) {
  if (host == nullptr) return;
  put("{h_name=");
  put(Text{host->h_name});
  put(", h_addr_list=[");
  for (int i = 0; host->h_addr_list[i] != nullptr; ++i) {
    if (i != 0) put(", ");
    put(NumericAddress{host->h_addrtype, host->h_addr_list[i]});
  }
  put("]}");
}

struct HostAddress {
  int family;
  const void* bytes;
  socklen_t length;
};
static void put(HostAddress address) {
  const bool whole =
      (address.family == AF_INET && address.length == 4) || (address.family == AF_INET6 && address.length == 16);
  if (whole && address.bytes != nullptr && accessible(address.bytes, address.length)) {
    put(NumericAddress{address.family, address.bytes});
  } else {
    put(Pointer{address.bytes});
  }
}

// What a form with _r found stands behind the error that it returns.
template <class Below>
static int run_reentrant(Call& call, hostent** result, int* h_error, Below below) {
  return call.run(
      below, [](int) {},
      [&](int error) {
        put(' ');
        if (error == 0 && *result != nullptr) {
          put_host(*result);
        } else if (h_error != nullptr) {
          put(Named{host_errors, *h_error});
        }
      });
}

}  // namespace posix_sockets::trace

using namespace posix_sockets::trace;

extern "C" {

int WPS_BELOW(getaddrinfo)(const char*, const char*, const addrinfo*, addrinfo**);
int WPS_TRACED(getaddrinfo)(const char* node, const char* service, const addrinfo* hints, addrinfo** list) {
  Call call("getaddrinfo", true, Outcome::resolver);
  call.arguments(Text{node}, Text{service}, Hints{hints});
  return call.run([&] { return WPS_BELOW(getaddrinfo)(node, service, hints, list); },
                  [&](int result) { call.arguments(Found{list, result != 0}); });
}

int WPS_BELOW(getnameinfo)(const sockaddr*, socklen_t, char*, socklen_t, char*, socklen_t, int);
int WPS_TRACED(getnameinfo)(const sockaddr* address, socklen_t length, char* host, socklen_t host_size, char* service,
                            socklen_t service_size, int flags) {
  Call call("getnameinfo", true, Outcome::resolver);
  call.arguments(Address{address, length}, length);
  return call.run(
      [&] { return WPS_BELOW(getnameinfo)(address, length, host, host_size, service, service_size, flags); },
      [&](int result) {
        if (result == 0) {
          call.arguments(Text{host_size != 0 ? host : nullptr}, host_size, Text{service_size != 0 ? service : nullptr});
        } else {
          call.arguments(Pointer{host}, host_size, Pointer{service});
        }
        call.arguments(service_size, Flags{ni_flags, static_cast<uint32_t>(flags)});
      });
}

hostent* WPS_BELOW(gethostbyname)(const char*);
hostent* WPS_TRACED(gethostbyname)(const char* name) {
  Call call("gethostbyname", true, Outcome::host);
  call.arguments(Text{name});
  return call.run([&] { return WPS_BELOW(gethostbyname)(name); }, [](const hostent*) {}, put_host);
}

hostent* WPS_BELOW(gethostbyname2)(const char*, int);
hostent* WPS_TRACED(gethostbyname2)(const char* name, int family) {
  Call call("gethostbyname2", true, Outcome::host);
  call.arguments(Text{name}, Named{families, family});
  return call.run([&] { return WPS_BELOW(gethostbyname2)(name, family); }, [](const hostent*) {}, put_host);
}

hostent* WPS_BELOW(gethostbyaddr)(const void*, socklen_t, int);
hostent* WPS_TRACED(gethostbyaddr)(const void* address, socklen_t length, int family) {
  Call call("gethostbyaddr", true, Outcome::host);
  call.arguments(HostAddress{family, address, length}, length, Named{families, family});
  return call.run([&] { return WPS_BELOW(gethostbyaddr)(address, length, family); }, [](const hostent*) {}, put_host);
}

int WPS_BELOW(gethostbyname_r)(const char*, hostent*, char*, size_t, hostent**, int*);
int WPS_TRACED(gethostbyname_r)(const char* name, hostent* entry, char* buffer, size_t size, hostent** result,
                                int* h_error) {
  Call call("gethostbyname_r", true, Outcome::error);
  call.arguments(Text{name});
  return run_reentrant(call, result, h_error,
                       [&] { return WPS_BELOW(gethostbyname_r)(name, entry, buffer, size, result, h_error); });
}

int WPS_BELOW(gethostbyname2_r)(const char*, int, hostent*, char*, size_t, hostent**, int*);
int WPS_TRACED(gethostbyname2_r)(const char* name, int family, hostent* entry, char* buffer, size_t size,
                                 hostent** result, int* h_error) {
  Call call("gethostbyname2_r", true, Outcome::error);
  call.arguments(Text{name}, Named{families, family});
  return run_reentrant(call, result, h_error,
                       [&] { return WPS_BELOW(gethostbyname2_r)(name, family, entry, buffer, size, result, h_error); });
}

int WPS_BELOW(gethostbyaddr_r)(const void*, socklen_t, int, hostent*, char*, size_t, hostent**, int*);
int WPS_TRACED(gethostbyaddr_r)(const void* address, socklen_t length, int family, hostent* entry, char* buffer,
                                size_t size, hostent** result, int* h_error) {
  Call call("gethostbyaddr_r", true, Outcome::error);
  call.arguments(HostAddress{family, address, length}, length, Named{families, family});
  return run_reentrant(call, result, h_error, [&] {
    return WPS_BELOW(gethostbyaddr_r)(address, length, family, entry, buffer, size, result, h_error);
  });
}
}
