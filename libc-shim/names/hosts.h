// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// /etc/hosts, if the guest may read it, and what holds without it: the names of the loopback addresses.
#pragma once

#include "names/address_list.h"
#include "names/line_reader.h"

namespace posix_sockets {

// What is known of a host. The names are null as long as nothing is known.
class Host {
 public:
  Host() = default;
  ~Host();

  AddressList addresses;

  const char* name() const { return name_; }                                       // the canonical one
  const char* aliases() const { return aliases_.empty() ? "" : aliases_.data(); }  // list of words

  // Names of the host: the first one given is the canonical one, the others are aliases. False: no memory.
  [[nodiscard]] bool add_names(const char* words);

 private:
  char* name_ = nullptr;
  List<char> aliases_;
};

// One line of the file. The strings live in the reader that gave them, until its next line.
struct HostLine {
  SocketAddress address;
  const char* names = nullptr;  // list of words: the canonical name, then its aliases
};

constexpr char hosts_path[] = "/etc/hosts";

// The next line that is well formed; false at the end.
bool next_host(LineReader& reader, HostLine& line);

// Which families are looked for.
enum class Families : uint8_t { ipv4 = 1, ipv6 = 2, both = 3 };
inline bool includes(Families families, Family family) {
  return (static_cast<int>(families) & (family == Family::ipv4 ? 1 : 2)) != 0;
}

// Adds what all lines with `name` (in any case) say to `host`. False: no memory, or with errno EMFILE no descriptor. Nothing
// added: no such line.
[[nodiscard]] bool find_host_by_name(const char* name, Families families, Host& host, const char* path = hosts_path);

// The same by address: the first line with it.
[[nodiscard]] bool find_host_by_address(const SocketAddress& address, Host& host, const char* path = hosts_path);

// Whether the name means this machine whatever any resolver says: "localhost" and all under it (RFC 6761 section 6.3).
bool is_localhost(const char* name);

// Adds the loopback addresses to `host`, IPv6 first. False: no memory.
[[nodiscard]] bool add_loopback(Families families, Host& host);

}  // namespace posix_sockets
