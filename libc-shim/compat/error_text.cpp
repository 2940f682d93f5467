// What strerror() says of the errnos that include/errno.h adds to wasi-libc's: the texts of glibc.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <stdint.h>
#include <string.h>

namespace {

constexpr int first = 1000;  // what their values are more than Linux's

// The value less `first`, the text, and a null.
constexpr char texts[] =
    "\17"
    "Block device required\0"
    "\54"
    "Channel number out of range\0"
    "\55"
    "Level 2 not synchronized\0"
    "\56"
    "Level 3 halted\0"
    "\57"
    "Level 3 reset\0"
    "\60"
    "Link number out of range\0"
    "\61"
    "Protocol driver not attached\0"
    "\62"
    "No CSI structure available\0"
    "\63"
    "Level 2 halted\0"
    "\64"
    "Invalid exchange\0"
    "\65"
    "Invalid request descriptor\0"
    "\66"
    "Exchange full\0"
    "\67"
    "No anode\0"
    "\70"
    "Invalid request code\0"
    "\71"
    "Invalid slot\0"
    "\73"
    "Bad font file format\0"
    "\74"
    "Device not a stream\0"
    "\75"
    "No data available\0"
    "\76"
    "Timer expired\0"
    "\77"
    "Out of streams resources\0"
    "\100"
    "Machine is not on the network\0"
    "\101"
    "Package not installed\0"
    "\102"
    "Object is remote\0"
    "\104"
    "Advertise error\0"
    "\105"
    "Srmount error\0"
    "\106"
    "Communication error on send\0"
    "\111"
    "RFS specific error\0"
    "\114"
    "Name not unique on network\0"
    "\115"
    "File descriptor in bad state\0"
    "\116"
    "Remote address changed\0"
    "\117"
    "Can not access a needed shared library\0"
    "\120"
    "Accessing a corrupted shared library\0"
    "\121"
    ".lib section in a.out corrupted\0"
    "\122"
    "Attempting to link in too many shared libraries\0"
    "\123"
    "Cannot exec a shared library directly\0"
    "\125"
    "Interrupted system call should be restarted\0"
    "\126"
    "Streams pipe error\0"
    "\127"
    "Too many users\0"
    "\136"
    "Socket type not supported\0"
    "\140"
    "Protocol family not supported\0"
    "\154"
    "Cannot send after transport endpoint shutdown\0"
    "\155"
    "Too many references: cannot splice\0"
    "\160"
    "Host is down\0"
    "\165"
    "Structure needs cleaning\0"
    "\166"
    "Not a XENIX named type file\0"
    "\167"
    "No XENIX semaphores available\0"
    "\170"
    "Is a named type file\0"
    "\171"
    "Remote I/O error\0"
    "\173"
    "No medium found\0"
    "\174"
    "Wrong medium type\0"
    "\176"
    "Required key not available\0"
    "\177"
    "Key has expired\0"
    "\200"
    "Key has been revoked\0"
    "\201"
    "Key was rejected by service\0"
    "\204"
    "Operation not possible due to RF-kill\0"
    "\205"
    "Memory page has hardware error\0"
    "";

const char* unknown(int error) {
  static char text[] = "Unknown error -2147483648";
  constexpr size_t words = sizeof "Unknown error " - 1;
  char digits[10];
  size_t count = 0;
  uint32_t rest = error < 0 ? 0 - static_cast<uint32_t>(error) : static_cast<uint32_t>(error);
  do digits[count++] = static_cast<char>('0' + rest % 10);
  while ((rest /= 10) != 0);
  char* end = text + words;
  if (error < 0) *end++ = '-';
  while (count != 0) *end++ = digits[--count];
  *end = '\0';
  return text;
}

}  // namespace

// For a number that libc has no text for. strerror() asks only in programs that link somebody who gives such an errno out.
extern "C" const char* wps_error_text(int error) {
  for (const char* entry = texts; *entry != '\0'; entry += strlen(entry) + 1)
    if (static_cast<unsigned char>(*entry) == error - first) return entry + 1;
  return unknown(error);
}
