// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Everything that reads names, addresses and DNS messages, with texts and messages of strangers. The first byte of the input says
// what the rest is.
//
//   random-names FILE...      reads these inputs, and a thousand variations of each, of a fresh seed that is printed
// With -DWPS_LIBFUZZER it's a libFuzzer target instead.
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <string>

#include "names/dns_message.h"
#include "names/hosts.h"
#include "names/numeric.h"
#include "names/resolver_settings.h"

using namespace posix_sockets;

extern "C" {
int __wrap_getaddrinfo(const char*, const char*, const addrinfo*, addrinfo**);
void __wrap_freeaddrinfo(addrinfo*);
}

namespace {

// Nobody is asked over the network.
constexpr char nowhere[] = "/nonexistent/resolv.conf";

// A file of this content, and its path.
class MemoryFile {
 public:
  explicit MemoryFile(const char* name) : number_(memfd_create(name, 0)) {
    path_ = "/proc/self/fd/" + std::to_string(number_);
  }
  const char* hold(const std::string& content) {
    if (ftruncate(number_, 0) != 0 || pwrite(number_, content.data(), content.size(), 0) < 0) std::abort();
    return path_.c_str();
  }

 private:
  int number_;
  std::string path_;
};

SocketAddress loopback() {
  SocketAddress address;
  (void)parse_numeric("127.0.0.1", address);
  return address;
}

void read_hosts(const std::string& text) {
  static MemoryFile file("hosts");
  const char* path = file.hold(text);
  // The names asked for are some of the file's own words.
  std::string name = text.substr(0, text.find_first_of(" \t\n#"));
  if (const size_t at = text.find(' '); at != std::string::npos)
    name = text.substr(at + 1, text.find_first_of(" \t\n", at + 1) - at - 1);
  for (const Families families : {Families::ipv4, Families::ipv6, Families::both}) {
    Host host;
    (void)find_host_by_name(name.c_str(), families, host, path);
  }
  SocketAddress address;
  if (parse_numeric(text.substr(0, text.find_first_of(" \t\n")).c_str(), address) != Numeric::address)
    address = loopback();
  Host host;
  (void)find_host_by_address(address, host, path);
}

void read_settings(const std::string& text) {
  static MemoryFile file("resolv.conf");
  resolver_settings_path = file.hold(text);
  setenv("RES_OPTIONS", text.substr(0, text.find('\n')).c_str(), 1);
  setenv("LOCALDOMAIN", text.substr(0, text.find('\n')).c_str(), 1);
  ResolverSettings settings;
  (void)read_resolver_settings(settings);
  unsetenv("RES_OPTIONS");
  unsetenv("LOCALDOMAIN");
  ResolverSettings without;
  (void)read_resolver_settings(without);
  resolver_settings_path = nowhere;
  if (without.server_count > ResolverSettings::most_servers) std::abort();
}

void read_reply(const uint8_t* data, size_t size) {
  const dns::Query query = dns::make_reverse_query(loopback(), 0x1234);
  for (const bool may_be_cut : {false, true}) {
    Host host;
    (void)dns::read_reply(data, size, query, may_be_cut, host);
  }
}

// Wherever a name begins, it leads nowhere beyond the message, and what was written is a text.
void expand_names(const uint8_t* data, size_t size) {
  const uint8_t* end = data + size;
  const size_t rooms[] = {NS_MAXDNAME, 1, 0, 64, 7};
  for (size_t at = 0; at < size && at < 64; ++at) {
    const size_t room = rooms[at % 5];
    const std::unique_ptr<char[]> text(new char[room]);
    const int used = dn_expand(data, end, data + at, text.get(), static_cast<int>(room));
    if (used > static_cast<int>(size - at)) std::abort();
    if (used >= 0 && strnlen(text.get(), room) == room) std::abort();
    const int skipped = dn_skipname(data + at, end);
    if (skipped > static_cast<int>(size - at)) std::abort();
    // What was read can be written again, unless it's too long.
    uint8_t wire[256];
    if (used >= 0) (void)dn_comp(text.get(), wire, sizeof wire, nullptr, nullptr);
  }
}

void parse_message(const uint8_t* data, size_t size) {
  ns_msg message;
  if (ns_initparse(data, static_cast<int>(size), &message) != 0) return;
  for (const ns_sect section : {ns_s_qd, ns_s_an, ns_s_ns, ns_s_ar}) {
    ns_rr record;
    for (int i = 0; i < ns_msg_count(message, section) && ns_parserr(&message, section, i, &record) == 0; ++i) {
      if (ns_rr_rdlen(record) != 0 &&
          (ns_rr_rdata(record) < data || ns_rr_rdata(record) + ns_rr_rdlen(record) > data + size))
        std::abort();
      char name[NS_MAXDNAME];
      if (ns_rr_rdlen(record) != 0) (void)ns_name_uncompress(data, data + size, ns_rr_rdata(record), name, sizeof name);
    }
    (void)ns_parserr(&message, section, -1, &record);
  }
}

void read_text(const std::string& text) {
  SocketAddress address;
  if (parse_numeric(text.c_str(), address) == Numeric::address) {
    char back[numeric_size];
    format_numeric(address, true, back);
    SocketAddress again;
    if (parse_numeric(back, again) != Numeric::address) std::abort();
  }
  const size_t colon = text.rfind(':');
  const std::string service = colon == std::string::npos ? "" : text.substr(colon + 1);
  for (const int flags : {0, AI_NUMERICHOST, AI_PASSIVE | AI_NUMERICSERV, AI_CANONNAME | AI_V4MAPPED | AI_ALL}) {
    addrinfo hints = {};
    hints.ai_flags = flags;
    if (colon != std::string::npos) hints.ai_family = AF_INET6;
    addrinfo* found = nullptr;
    if (__wrap_getaddrinfo(text.substr(0, colon).c_str(), service.empty() ? nullptr : service.c_str(), &hints,
                           &found) == 0)
      __wrap_freeaddrinfo(found);
  }
}

void read_input(const uint8_t* data, size_t size) {
  if (size == 0) return;
  resolver_settings_path = nowhere;
  // A block of just this size, so that a sanitizer sees what reads beyond.
  const std::unique_ptr<uint8_t[]> exact(new uint8_t[size - 1]);
  std::copy(data + 1, data + size, exact.get());
  const std::string text(reinterpret_cast<const char*>(data + 1), size - 1);
  switch (data[0]) {
    case 'h':
      return read_hosts(text);
    case 'r':
      return read_settings(text);
    case 'd':
      return read_reply(exact.get(), size - 1);
    case 'e':
      return expand_names(exact.get(), size - 1);
    case 'p':
      return parse_message(exact.get(), size - 1);
    default:
      return read_text(text);
  }
}

}  // namespace

#if defined(WPS_LIBFUZZER)
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  read_input(data, size);
  return 0;
}
#else
int main(int argc, char** argv) {
  const unsigned seed = std::random_device()();
  std::fprintf(stderr, "seed %u\n", seed);
  std::mt19937 generator(seed);
  for (int i = 1; i < argc; ++i) {
    std::ifstream file(argv[i], std::ios::binary);
    const std::string input{std::istreambuf_iterator<char>(file), {}};
    if (input.empty()) return 2;
    read_input(reinterpret_cast<const uint8_t*>(input.data()), input.size());
    for (int variation = 0; variation < 1000; ++variation) {
      std::string varied = input;
      for (unsigned changes = 1 + generator() % 4; changes > 0; --changes)
        varied[1 + generator() % (varied.size() - 1)] = static_cast<char>(generator());
      if (generator() % 4 == 0) varied.resize(1 + generator() % varied.size());
      read_input(reinterpret_cast<const uint8_t*>(varied.data()), varied.size());
    }
  }
}
#endif
