// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/services.h"

#include <arpa/inet.h>

#include <catch_amalgamated.hpp>
#include <cerrno>
#include <set>
#include <string>

#include "names/socket_types.h"

using namespace posix_sockets;

namespace {

constexpr char no_file[] = "/nonexistent/services";

// "name port/protocol alias alias" of the built-in row, or "none".
std::string find(const ServiceQuery& query) {
  LineReader reader;
  Service service;
  if (!find_service(reader, query, service, no_file)) return "none";
  std::string row = std::string(service.name) + " " + std::to_string(service.port) + "/" + service.protocol;
  for (const char* alias = service.aliases; *alias != '\0'; alias = next_word(alias)) row += std::string(" ") + alias;
  return row;
}

std::string types_of(const char* service, int type, int protocol, int flags = AI_NUMERICSERV) {
  addrinfo hints{};
  hints.ai_flags = flags;
  hints.ai_socktype = type;
  hints.ai_protocol = protocol;
  SocketTypes types;
  const int error = find_socket_types(service, hints, types);
  if (error != 0) return std::to_string(error);
  std::string text;
  for (int i = 0; i < types.count; ++i) {
    const SocketType& item = types.items[i];
    const char* name = item.type == SOCK_STREAM  ? "stream"
                       : item.type == SOCK_DGRAM ? "dgram"
                       : item.type == SOCK_RAW   ? "raw"
                                                 : "other";
    text +=
        std::string(i != 0 ? " " : "") + name + "/" + std::to_string(item.protocol) + ":" + std::to_string(item.port);
  }
  return text;
}

}  // namespace

TEST_CASE("services: by name and protocol") {
  CHECK(find({"http", "tcp"}) == "http 80/tcp www");
  CHECK(find({"domain", "udp"}) == "domain 53/udp");
  CHECK(find({"http", "dccp"}) == "none");
  CHECK(find({"tftp", "tcp"}) == "none");
}

TEST_CASE("services: by alias, exactly") {
  CHECK(find({"www", "tcp"}) == "http 80/tcp www");
  CHECK(find({"HTTP", nullptr}) == "none");
  CHECK(find({"", nullptr}) == "none");
}

TEST_CASE("services: any protocol takes the first row") {
  CHECK(find({"domain", nullptr}) == "domain 53/tcp");
  CHECK(find({nullptr, nullptr, 514}) == "shell 514/tcp cmd syslog");
}

TEST_CASE("services: by port") {
  CHECK(find({nullptr, "tcp", 443}) == "https 443/tcp");
  CHECK(find({nullptr, "udp", 514}) == "syslog 514/udp");
  CHECK(find({nullptr, nullptr, 60000}) == "none");
}

TEST_CASE("services: every built-in row is well formed and none is there twice") {
  LineReader lines, reader;
  open_services(lines, no_file);
  int count = 0;
  while (lines.next() != nullptr) ++count;
  open_services(reader, no_file);
  Service service;
  std::set<std::string> names, ports;
  int parsed = 0;
  while (next_service(reader, service)) {
    ++parsed;
    CHECK(names.insert(std::string(service.name) + "/" + service.protocol).second);
    CHECK(ports.insert(std::to_string(service.port) + "/" + service.protocol).second);
  }
  CHECK(parsed == count);
  CHECK(count > 100);
}

TEST_CASE("services: malformed rows are passed over") {
  LineReader reader;
  reader.open_text("a\nb 80 tcp\nc 4294967296/tcp\nd x/tcp\ne 5x/tcp\nf /tcp\ni 80 /tcp\nj -1/tcp\ng 65535/udp h\n");
  Service service;
  REQUIRE(next_service(reader, service));
  CHECK(std::string(service.name) == "g");
  CHECK(service.port == 65535);
  CHECK_FALSE(next_service(reader, service));
}

TEST_CASE("services: ports as strtoul reads them") {
  LineReader reader;
  reader.open_text("a 0x10/tcp\nb 0010/tcp\nc +5/tcp\nd 65537/tcp\ne 6//tcp\n");
  Service service;
  for (int port : {16, 8, 5, 1, 6}) {
    REQUIRE(next_service(reader, service));
    CHECK(service.port == port);
    CHECK(std::string(service.protocol) == "tcp");
  }
  reader.open_text("f 7\ng 8/\nh 9/ udp\n");
  for (int port : {7, 8, 9}) {
    REQUIRE(next_service(reader, service));
    CHECK(service.port == port);
    CHECK(std::string(service.protocol).empty());
  }
  CHECK(std::string(service.aliases) == "udp");
}

TEST_CASE("services: an entry is packed whole or not at all") {
  LineReader reader;
  Service service;
  REQUIRE(find_service(reader, {"kerberos", "udp"}, service, no_file));
  char buffer[256];
  servent entry;
  std::size_t size = 0;
  while (pack(service, &entry, buffer, size) == ERANGE) REQUIRE(++size < sizeof buffer);
  CHECK(entry.s_port == htons(88));
  CHECK(std::string(entry.s_name) == "kerberos");
  CHECK(std::string(entry.s_proto) == "udp");
  CHECK(std::string(entry.s_aliases[0]) == "kerberos5");
  CHECK(std::string(entry.s_aliases[2]) == "kerberos-sec");
  CHECK(entry.s_aliases[3] == nullptr);
}

TEST_CASE("socket types: no hints give stream, datagram and raw") {
  CHECK(types_of(nullptr, 0, 0) == "stream/6:0 dgram/17:0 raw/0:0");
  CHECK(types_of("80", 0, 0) == "stream/6:80 dgram/17:80 raw/0:80");
}

TEST_CASE("socket types: the type or the protocol alone gives one") {
  CHECK(types_of("80", SOCK_STREAM, 0) == "stream/6:80");
  CHECK(types_of("80", 0, IPPROTO_UDP) == "dgram/17:80");
  CHECK(types_of(nullptr, SOCK_RAW, 99) == "raw/99:0");
  CHECK(types_of(nullptr, 0, IPPROTO_ICMP) == "raw/1:0");
}

TEST_CASE("socket types: what doesn't fit together") {
  CHECK(types_of("80", SOCK_STREAM, IPPROTO_UDP) == std::to_string(EAI_SOCKTYPE));
  CHECK(types_of("80", 77, 0) == std::to_string(EAI_SOCKTYPE));
  CHECK(types_of("80", SOCK_RAW, 0) == std::to_string(EAI_SERVICE));
}

TEST_CASE("socket types: ports in decimal, within 16 bits") {
  CHECK(types_of("65535", SOCK_STREAM, 0) == "stream/6:65535");
  CHECK(types_of("65536", SOCK_STREAM, 0) == std::to_string(EAI_SERVICE));
  CHECK(types_of("99999999999999999999", 0, 0) == std::to_string(EAI_SERVICE));
  CHECK(types_of(" +80", SOCK_STREAM, 0) == "stream/6:80");
  CHECK(types_of("-1", SOCK_STREAM, 0) == std::to_string(EAI_NONAME));
  CHECK(types_of("80 ", SOCK_STREAM, 0) == std::to_string(EAI_NONAME));
  CHECK(types_of("0x50", SOCK_STREAM, 0) == std::to_string(EAI_NONAME));
  CHECK(types_of("", SOCK_STREAM, 0) == "stream/6:0");
}

TEST_CASE("socket types: a service name gives the types that have it") {
  CHECK(types_of("domain", 0, 0, 0) == "stream/6:53 dgram/17:53");
  CHECK(types_of("tftp", 0, 0, 0) == "dgram/17:69");
  CHECK(types_of("tftp", SOCK_STREAM, 0, 0) == std::to_string(EAI_SERVICE));
  CHECK(types_of("no-such-service", 0, 0, 0) == std::to_string(EAI_SERVICE));
}
