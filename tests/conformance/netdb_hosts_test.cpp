// gethostbyname(), gethostbyaddr(), their _r forms, h_errno and its texts. Only names that need no DNS.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <arpa/inet.h>
#include <netdb.h>

#include <cstdint>
#include <string>
#include <vector>

#include "net.h"

using namespace conformance;

namespace {

std::string text(const hostent* entry) {
  if (entry == nullptr) return "none";
  std::string all = entry->h_name;
  for (char** address = entry->h_addr_list; *address != nullptr; ++address) {
    char numeric[INET6_ADDRSTRLEN] = "?";
    inet_ntop(entry->h_addrtype, *address, numeric, sizeof numeric);
    all += std::string(" ") + numeric;
  }
  CHECK(entry->h_aliases != nullptr);
  CHECK(entry->h_length == (entry->h_addrtype == AF_INET ? 4 : 16));
  return all;
}

bool inside(const void* pointer, const std::vector<char>& buffer) {
  return pointer >= buffer.data() && pointer < buffer.data() + buffer.size();
}

}  // namespace

TEST_CASE("gethostbyname: localhost in any case") {
  CHECK(text(gethostbyname("localhost")) == "localhost 127.0.0.1");
  CHECK(text(gethostbyname("LOCALHOST")) == "localhost 127.0.0.1");
}

TEST_CASE("gethostbyname: a numeric address is its own name") {
  CHECK(text(gethostbyname("192.0.2.7")) == "192.0.2.7 192.0.2.7");
  CHECK(text(gethostbyname("127.1")) == "127.1 127.0.0.1");
  CHECK(text(gethostbyname("0.0.0.0")) == "0.0.0.0 0.0.0.0");
}

TEST_CASE("gethostbyname2: a numeric address of the family") {
  CHECK(text(gethostbyname2("192.0.2.7", AF_INET)) == "192.0.2.7 192.0.2.7");
  CHECK(text(gethostbyname2("2001:db8::7", AF_INET6)) == "2001:db8::7 2001:db8::7");
}

TEST_CASE("gethostbyname2: a numeric address of the other family isn't found") {
  h_errno = 0;
  CHECK(gethostbyname2("127.0.0.1", AF_INET6) == nullptr);
  CHECK(h_errno == HOST_NOT_FOUND);
  h_errno = 0;
  CHECK(gethostbyname2("::1", AF_INET) == nullptr);
  CHECK(h_errno == HOST_NOT_FOUND);
}

TEST_CASE("gethostbyname: an address can be used as struct in_addr") {
  const hostent* entry = gethostbyname("192.0.2.7");
  REQUIRE(entry != nullptr);
  CHECK(reinterpret_cast<std::uintptr_t>(entry->h_addr_list[0]) % alignof(in_addr) == 0);
  CHECK(reinterpret_cast<const in_addr*>(entry->h_addr)->s_addr == htonl(0xc0000207));
}

TEST_CASE("gethostbyname_r: fills the caller's buffer, or says ERANGE") {
  hostent entry;
  hostent* result;
  int h_error;
  std::vector<char> buffer;
  int error = ERANGE;
  while (error == ERANGE) {
    result = &entry;
    error = gethostbyname_r("localhost", &entry, buffer.data(), buffer.size(), &result, &h_error);
    if (error == ERANGE) {
      CHECK(result == nullptr);
      CHECK(h_error == NETDB_INTERNAL);
      REQUIRE(buffer.size() < 4096);
      buffer.resize(buffer.size() + 8);
    }
  }
  REQUIRE(error == 0);
  REQUIRE(result == &entry);
  CHECK(text(result) == "localhost 127.0.0.1");
  CHECK(inside(entry.h_name, buffer));
  CHECK(inside(entry.h_aliases, buffer));
  CHECK(inside(entry.h_addr_list, buffer));
  CHECK(inside(entry.h_addr_list[0], buffer));
}

TEST_CASE("gethostbyname2_r: both families") {
  hostent entry;
  hostent* result = nullptr;
  int h_error;
  char buffer[1024];
  REQUIRE(gethostbyname2_r("::1", AF_INET6, &entry, buffer, sizeof buffer, &result, &h_error) == 0);
  CHECK(text(result) == "::1 ::1");
  REQUIRE(gethostbyname2_r("127.0.0.1", AF_INET, &entry, buffer, sizeof buffer, &result, &h_error) == 0);
  CHECK(text(result) == "127.0.0.1 127.0.0.1");
}

TEST_CASE("gethostbyaddr: loopback has a name") {
  const in_addr loopback = {htonl(INADDR_LOOPBACK)};
  CHECK(text(gethostbyaddr(&loopback, sizeof loopback, AF_INET)) == "localhost 127.0.0.1");
}

TEST_CASE("gethostbyaddr: another family or a short address is EAFNOSUPPORT") {
  const in_addr loopback = {htonl(INADDR_LOOPBACK)};
  errno = 0;
  CHECK(gethostbyaddr(&loopback, sizeof loopback, 77) == nullptr);
  CHECK(h_errno == NETDB_INTERNAL);
  CHECK(errno == EAFNOSUPPORT);
  errno = 0;
  CHECK(gethostbyaddr(&loopback, 3, AF_INET) == nullptr);
  CHECK(h_errno == NETDB_INTERNAL);
  CHECK(errno == EAFNOSUPPORT);
}

TEST_CASE("gethostbyaddr_r: finds loopback, and refuses as gethostbyaddr does") {
  const in_addr loopback = {htonl(INADDR_LOOPBACK)};
  hostent entry;
  hostent* result = &entry;
  int h_error = 0;
  char buffer[1024];
  REQUIRE(gethostbyaddr_r(&loopback, 4, AF_INET, &entry, buffer, sizeof buffer, &result, &h_error) == 0);
  CHECK(text(result) == "localhost 127.0.0.1");
  CHECK(gethostbyaddr_r(&loopback, 3, AF_INET, &entry, buffer, sizeof buffer, &result, &h_error) == EAFNOSUPPORT);
  CHECK(result == nullptr);
  CHECK(h_error == NETDB_INTERNAL);
  CHECK(gethostbyaddr_r(&loopback, 4, AF_INET, &entry, buffer, 8, &result, &h_error) == ERANGE);
  CHECK(result == nullptr);
}

TEST_CASE("gethostent: the walk has localhost in it, and ends") {
  sethostent(0);
  bool found = false;
  int count = 0;
  while (const hostent* entry = gethostent()) {
    found = found || text(entry) == "localhost 127.0.0.1";
    REQUIRE(++count < 100000);
  }
  CHECK(found);
  CHECK(gethostent() == nullptr);
  endhostent();
  CHECK(gethostent() != nullptr);
  endhostent();
}

TEST_CASE("hstrerror: each value has a text of its own") {
  std::vector<std::string> texts;
  for (int value : {HOST_NOT_FOUND, TRY_AGAIN, NO_RECOVERY, NO_DATA}) {
    const char* message = hstrerror(value);
    REQUIRE(message != nullptr);
    CHECK(message[0] != '\0');
    for (const std::string& other : texts) CHECK(other != message);
    texts.emplace_back(message);
  }
  CHECK(hstrerror(77) != nullptr);
  CHECK(hstrerror(-77) != nullptr);
}

TEST_CASE("herror: writes the prefix and the text to standard error") {
  Fd file = open_scratch("herror");
  Fd saved(dup(STDERR_FILENO));
  REQUIRE_OK(int(saved));
  REQUIRE_OK(dup2(file, STDERR_FILENO));
  h_errno = HOST_NOT_FOUND;
  herror("prefix");
  herror("");
  herror(nullptr);
  REQUIRE_OK(dup2(saved, STDERR_FILENO));
  REQUIRE_OK(lseek(file, 0, SEEK_SET));
  char written[256] = "";
  REQUIRE_OK(read(file, written, sizeof written - 1));
  const std::string line = std::string(hstrerror(HOST_NOT_FOUND)) + "\n";
  CHECK(std::string(written) == "prefix: " + line + line + line);
}

TEST_CASE("hstrerror: the texts") {
  CHECK(std::string(hstrerror(0)) == "Resolver Error 0 (no error)");
  CHECK(std::string(hstrerror(HOST_NOT_FOUND)) == "Unknown host");
  CHECK(std::string(hstrerror(TRY_AGAIN)) == "Host name lookup failure");
  CHECK(std::string(hstrerror(NO_RECOVERY)) == "Unknown server error");
  CHECK(std::string(hstrerror(NO_DATA)) == "No address associated with name");
  CHECK(std::string(hstrerror(-1)) == "Resolver internal error");
  CHECK(std::string(hstrerror(5)) == "Unknown resolver error");
}

TEST_CASE("gethostbyname: a hexadecimal number is no address") {
  CHECK(gethostbyname("0x7f.1") == nullptr);
  CHECK(h_errno == HOST_NOT_FOUND);
  CHECK(gethostbyname("0x7f000001") == nullptr);
  CHECK(text(gethostbyname("0177.1")) == "0177.1 127.0.0.1");
}

TEST_CASE("gethostbyname_r: ERANGE is in errno, too") {
  hostent entry;
  hostent* result = &entry;
  int h_error = 0;
  char room[4];
  errno = 0;
  CHECK_RETURNS(gethostbyname_r("127.0.0.1", &entry, room, sizeof room, &result, &h_error), ERANGE);
  CHECK(errno == ERANGE);
}
