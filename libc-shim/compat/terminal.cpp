// Terminals: WASI tells that a descriptor is one, and gives no control of it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "fail.h"

using posix_sockets::compat::fail;
using posix_sockets::compat::fail_on_descriptor;

extern "C" {

// EBADF: not open. ENOTTY: else.
int tcgetattr(int fd, struct termios*) { return fail_on_descriptor(fd, ENOTTY); }
int tcsetattr(int fd, int, const struct termios*) { return fail_on_descriptor(fd, ENOTTY); }
int tcdrain(int fd) { return fail_on_descriptor(fd, ENOTTY); }
int tcflow(int fd, int) { return fail_on_descriptor(fd, ENOTTY); }
int tcflush(int fd, int) { return fail_on_descriptor(fd, ENOTTY); }
int tcsendbreak(int fd, int) { return fail_on_descriptor(fd, ENOTTY); }
pid_t tcgetsid(int fd) { return fail_on_descriptor(fd, ENOTTY); }

// Null, and EBADF: not open. ENOTTY: the name of a terminal isn't visible.
char* ttyname(int fd) {
  fail_on_descriptor(fd, ENOTTY);
  return nullptr;
}
int ttyname_r(int fd, char*, size_t) {
  fail_on_descriptor(fd, ENOTTY);
  return errno;
}

char* ctermid(char* buffer) {
  static char own[] = "/dev/tty";
  return buffer == nullptr ? own : strcpy(buffer, own);
}

// The functions that only read and write the structure.
speed_t cfgetispeed(const struct termios* terminal) { return terminal->c_ispeed; }
speed_t cfgetospeed(const struct termios* terminal) { return terminal->c_ospeed; }
int cfsetispeed(struct termios* terminal, speed_t speed) {
  terminal->c_ispeed = speed;
  return 0;
}
int cfsetospeed(struct termios* terminal, speed_t speed) {
  terminal->c_ospeed = speed;
  return 0;
}
int cfsetspeed(struct termios* terminal, speed_t speed) {
  terminal->c_ispeed = terminal->c_ospeed = speed;
  return 0;
}
void cfmakeraw(struct termios* terminal) {
  terminal->c_iflag &= ~static_cast<tcflag_t>(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
  terminal->c_oflag &= ~static_cast<tcflag_t>(OPOST);
  terminal->c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
  terminal->c_cflag = (terminal->c_cflag & ~static_cast<tcflag_t>(CSIZE | PARENB)) | CS8;
  terminal->c_cc[VMIN] = 1;
  terminal->c_cc[VTIME] = 0;
}

}  // extern "C"
