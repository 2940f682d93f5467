// What strerror and its kin say of the errnos that wasi-libc lacks.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <clocale>

#include "net.h"

using namespace conformance;

namespace {

const struct {
  int error;
  const char* text;
} texts[] = {{ENOTBLK, "Block device required"},
             {EBADE, "Invalid exchange"},
             {ENODATA, "No data available"},
             {ETIME, "Timer expired"},
             {ENONET, "Machine is not on the network"},
             {ECOMM, "Communication error on send"},
             {EBADFD, "File descriptor in bad state"},
             {ERESTART, "Interrupted system call should be restarted"},
             {ESOCKTNOSUPPORT, "Socket type not supported"},
             {EPFNOSUPPORT, "Protocol family not supported"},
             {ESHUTDOWN, "Cannot send after transport endpoint shutdown"},
             {ETOOMANYREFS, "Too many references: cannot splice"},
             {EHOSTDOWN, "Host is down"},
             {EREMOTEIO, "Remote I/O error"},
             {ENOMEDIUM, "No medium found"},
             {EHWPOISON, "Memory page has hardware error"},
             {EINVAL, "Invalid argument"},
             {0, "Success"}};

std::string formatted(int error) {
  char text[100];
  errno = error;
  std::snprintf(text, sizeof text, "%m");
  return text;
}

}  // namespace

TEST_CASE("errno: every number has its text, by strerror, strerror_l and %m") {
  CHECK_FAILS(socket(AF_INET, 0, 0), ESOCKTNOSUPPORT);
  const locale_t locale = newlocale(LC_ALL_MASK, "C", nullptr);
  for (const auto& entry : texts) {
    CHECK(std::string(std::strerror(entry.error)) == entry.text);
    CHECK(std::string(strerror_l(entry.error, locale)) == entry.text);
    CHECK(formatted(entry.error) == entry.text);
  }
  freelocale(locale);
}

TEST_CASE("errno: unknown numbers are told") {
  Fd fd(socket(AF_INET, SOCK_STREAM, 0));
  CHECK(std::string(std::strerror(9999)) == "Unknown error 9999");
  CHECK(std::string(std::strerror(-1)) == "Unknown error -1");
  CHECK(formatted(-2147483647 - 1) == "Unknown error -2147483648");
}
