// Services, protocols and networks by name and number, their walks and their _r forms. Linux needs its netbase package.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <arpa/inet.h>
#include <netdb.h>

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "net.h"

using namespace conformance;

namespace {

std::string joined(char** words) {
  std::string text;
  for (; *words != nullptr; ++words) text += std::string(" ") + *words;
  return text;
}

std::string text(const servent* entry) {
  if (entry == nullptr) return "none";
  return std::string(entry->s_name) + " " + std::to_string(ntohs(entry->s_port)) + "/" + entry->s_proto +
         joined(entry->s_aliases);
}

std::string text(const protoent* entry) {
  if (entry == nullptr) return "none";
  return std::string(entry->p_name) + " " + std::to_string(entry->p_proto) + joined(entry->p_aliases);
}

bool inside(const void* pointer, const std::vector<char>& buffer) {
  return pointer >= buffer.data() && pointer < buffer.data() + buffer.size();
}

}  // namespace

TEST_CASE("getservbyname: by name and protocol") {
  CHECK(text(getservbyname("http", "tcp")) == "http 80/tcp www");
  CHECK(text(getservbyname("domain", "udp")) == "domain 53/udp");
  CHECK(text(getservbyname("smtp", "tcp")) == "smtp 25/tcp mail");
}

TEST_CASE("getservbyname: any protocol") {
  CHECK(text(getservbyname("domain", nullptr)) == "domain 53/tcp");
  CHECK(text(getservbyname("tftp", nullptr)) == "tftp 69/udp");
}

TEST_CASE("getservbyname: by alias") { CHECK(text(getservbyname("www", "tcp")) == "http 80/tcp www"); }

TEST_CASE("getservbyname: what isn't there") {
  CHECK(getservbyname("no-such-service", nullptr) == nullptr);
  CHECK(getservbyname("", nullptr) == nullptr);
  CHECK(getservbyname("ssh", "udp") == nullptr);
  CHECK(getservbyname("ssh", "no-such-protocol") == nullptr);
}

TEST_CASE("getservbyname: case counts") {
  CHECK(getservbyname("HTTP", nullptr) == nullptr);
  CHECK(getservbyname("http", "TCP") == nullptr);
}

TEST_CASE("getservbyport: by port and protocol") {
  CHECK(text(getservbyport(htons(80), "tcp")) == "http 80/tcp www");
  CHECK(text(getservbyport(htons(514), "udp")) == "syslog 514/udp");
  CHECK(text(getservbyport(htons(514), nullptr)) == "shell 514/tcp cmd syslog");
}

TEST_CASE("getservbyport: what isn't there") {
  CHECK(getservbyport(htons(60000), nullptr) == nullptr);
  CHECK(getservbyport(htons(22), "udp") == nullptr);
  CHECK(getservbyport(-1, nullptr) == nullptr);
  CHECK(getservbyport(htons(80) + 65536, "tcp") == nullptr);
}

TEST_CASE("getservbyname_r: fills the caller's buffer, or says ERANGE") {
  servent entry;
  servent* result;
  std::vector<char> buffer;
  int error = ERANGE;
  while (error == ERANGE) {
    result = &entry;
    error = getservbyname_r("http", "tcp", &entry, buffer.data(), buffer.size(), &result);
    if (error == ERANGE) {
      CHECK(result == nullptr);
      REQUIRE(buffer.size() < 4096);
      buffer.resize(buffer.size() + 8);
    }
  }
  REQUIRE(error == 0);
  REQUIRE(result == &entry);
  CHECK(text(result) == "http 80/tcp www");
  CHECK(inside(entry.s_name, buffer));
  CHECK(inside(entry.s_proto, buffer));
  CHECK(inside(entry.s_aliases, buffer));
  CHECK(inside(entry.s_aliases[0], buffer));
}

TEST_CASE("getservbyname_r: what isn't there is no error") {
  servent entry;
  servent* result = &entry;
  char buffer[1024];
  CHECK(getservbyname_r("no-such-service", "tcp", &entry, buffer, sizeof buffer, &result) == 0);
  CHECK(result == nullptr);
  result = &entry;
  CHECK(getservbyport_r(htons(60000), "tcp", &entry, buffer, sizeof buffer, &result) == 0);
  CHECK(result == nullptr);
}

TEST_CASE("getservbyport_r: finds the service") {
  servent entry;
  servent* result = nullptr;
  char buffer[1024];
  REQUIRE(getservbyport_r(htons(22), "tcp", &entry, buffer, sizeof buffer, &result) == 0);
  CHECK(text(result) == "ssh 22/tcp");
}

TEST_CASE("getservent: walks through all services and starts over") {
  setservent(0);
  const std::string first = text(getservent());
  CHECK(first == "tcpmux 1/tcp");
  std::set<std::string> all;
  while (const servent* entry = getservent()) all.insert(text(entry));
  CHECK(all.count("http 80/tcp www") == 1);
  CHECK(all.count("domain 53/udp") == 1);
  CHECK(all.size() > 100);
  CHECK(getservent() == nullptr);
  setservent(1);
  CHECK(text(getservent()) == first);
  endservent();
  CHECK(text(getservent()) == first);
  endservent();
}

TEST_CASE("getservent_r: walks, keeps its place on ERANGE, and ends with ENOENT") {
  servent entry;
  servent* result = nullptr;
  char buffer[1024];
  setservent(0);
  CHECK(getservent_r(&entry, buffer, 1, &result) == ERANGE);
  CHECK(result == nullptr);
  REQUIRE(getservent_r(&entry, buffer, sizeof buffer, &result) == 0);
  CHECK(text(result) == "tcpmux 1/tcp");
  int error;
  while ((error = getservent_r(&entry, buffer, sizeof buffer, &result)) == 0) REQUIRE(result == &entry);
  CHECK(error == ENOENT);
  CHECK(result == nullptr);
  endservent();
}

TEST_CASE("getprotobyname: by name and alias") {
  CHECK(text(getprotobyname("tcp")) == "tcp 6 TCP");
  CHECK(text(getprotobyname("UDP")) == "udp 17 UDP");
  CHECK(text(getprotobyname("icmp")) == "icmp 1 ICMP");
  CHECK(text(getprotobyname("ipv6-icmp")) == "ipv6-icmp 58 IPv6-ICMP");
}

TEST_CASE("getprotobyname: what isn't there") {
  CHECK(getprotobyname("no-such-protocol") == nullptr);
  CHECK(getprotobyname("Tcp") == nullptr);
  CHECK(getprotobyname("") == nullptr);
}

TEST_CASE("getprotobynumber: the first name of a number") {
  CHECK(text(getprotobynumber(0)) == "ip 0 IP");
  CHECK(text(getprotobynumber(6)) == "tcp 6 TCP");
  CHECK(text(getprotobynumber(41)) == "ipv6 41 IPv6");
  CHECK(getprotobynumber(255) == nullptr);
  CHECK(getprotobynumber(-1) == nullptr);
}

TEST_CASE("getprotobyname_r and getprotobynumber_r") {
  protoent entry;
  protoent* result = &entry;
  char buffer[1024];
  CHECK(getprotobyname_r("tcp", &entry, buffer, 4, &result) == ERANGE);
  CHECK(result == nullptr);
  REQUIRE(getprotobyname_r("tcp", &entry, buffer, sizeof buffer, &result) == 0);
  CHECK(text(result) == "tcp 6 TCP");
  REQUIRE(getprotobynumber_r(17, &entry, buffer, sizeof buffer, &result) == 0);
  CHECK(text(result) == "udp 17 UDP");
  CHECK(getprotobyname_r("no-such-protocol", &entry, buffer, sizeof buffer, &result) == 0);
  CHECK(result == nullptr);
}

TEST_CASE("getprotoent: walks through all protocols") {
  setprotoent(0);
  CHECK(text(getprotoent()) == "ip 0 IP");
  std::set<std::string> all;
  while (const protoent* entry = getprotoent()) all.insert(text(entry));
  CHECK(all.count("tcp 6 TCP") == 1);
  CHECK(all.count("udp 17 UDP") == 1);
  endprotoent();
  protoent entry;
  protoent* result = nullptr;
  char buffer[1024];
  int count = 0, error;
  while ((error = getprotoent_r(&entry, buffer, sizeof buffer, &result)) == 0) ++count;
  CHECK(error == ENOENT);
  CHECK(count == static_cast<int>(all.size()) + 1);
  endprotoent();
}

TEST_CASE("getnetbyname and getnetbyaddr: the loopback network") {
  const netent* entry = getnetbyname("loopback");
  REQUIRE(entry != nullptr);
  CHECK(entry->n_net == 0x7f000000);
  CHECK(entry->n_addrtype == AF_INET);
  entry = getnetbyaddr(0x7f000000, AF_INET);
  REQUIRE(entry != nullptr);
  CHECK(std::string(entry->n_name) == "loopback");
  CHECK(getnetbyaddr(127, AF_INET) == nullptr);
  CHECK(getnetbyaddr(0x7f000000, AF_INET6) == nullptr);
}

TEST_CASE("getnetent: the walk has the loopback network in it") {
  setnetent(0);
  bool found = false;
  while (const netent* entry = getnetent()) found = found || std::string(entry->n_name) == "loopback";
  CHECK(found);
  endnetent();
}
