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

  // Names of the host: the first one given is the canonical one, the others are aliases. Of a further line the aliases come
  // first, then its canonical name if it is another one, as on Linux. False: no memory.
  [[nodiscard]] bool add_names(const char* words);
  // The canonical name of another one becomes this one's, which has none.
  void take_name(Host& other) {
    name_ = other.name_;
    other.name_ = nullptr;
  }

  // The addresses stand in the order in which to try them: whoever gave them knows the network better than a guest does.
  bool in_order = false;
  // There was an answer of no use: that it has no name isn't all.
  bool no_recovery = false;

 private:
  bool add_alias(const char* word);

  char* name_ = nullptr;
  List<char> aliases_;
};

// One line of the file. The strings live in the reader that gave them, until its next line.
struct HostLine {
  SocketAddress address;
  const char* names = nullptr;  // list of words: the canonical name, then its aliases
};

// Which families are looked for.
enum class Families : uint8_t { ipv4 = 1, ipv6 = 2, both = 3 };
inline bool includes(Families families, Family family) {
  return (static_cast<int>(families) & (family == Family::ipv4 ? 1 : 2)) != 0;
}

constexpr char hosts_path[] = "/etc/hosts";

// The next line that has an address of these families and a name; false at the end. Addresses are what inet_pton() takes: no
// leading zeros, no scopes. Who only asks for IPv4 gets the mapped addresses of IPv6 and ::1 as IPv4 ones, as on Linux.
bool next_host(LineReader& reader, Families families, HostLine& line);

// Adds what all lines with `name` (in any case, and with a dot at its end only if it has one there) say to `host`. False: no memory, or with errno EMFILE no descriptor. Nothing
// added: no such line.
[[nodiscard]] bool find_host_by_name(const char* name, Families families, Host& host, const char* path = hosts_path);

// The same by address: the first line with it, of those that its family reads.
[[nodiscard]] bool find_host_by_address(const SocketAddress& address, Host& host, const char* path = hosts_path);

// Whether the name means this machine whatever any resolver says: "localhost" and all under it (RFC 6761 section 6.3).
bool is_localhost(const char* name);

// Adds the loopback addresses to `host`, IPv6 first. False: no memory.
[[nodiscard]] bool add_loopback(Families families, Host& host);

}  // namespace posix_sockets
