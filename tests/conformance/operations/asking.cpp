// Options, ioctl, fcntl, files' calls, poll and select.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "errno_name.h"
#include "transcript.h"

namespace operations {
namespace {

std::string run_option(Subject& subject, long name) {
  int value = -1;
  socklen_t length = sizeof value;
  const int result = getsockopt(subject.fd, SOL_SOCKET, static_cast<int>(name), &value, &length);
  if (result != 0) return outcome(result);
  if (name == SO_TYPE) return value == SOCK_STREAM ? "SOCK_STREAM" : value == SOCK_DGRAM ? "SOCK_DGRAM" : "?";
  if (name == SO_ERROR && value != 0) return conformance::errno_name(value);
  return std::to_string(value);
}

std::string run_ioctl_int(Subject& subject, long request) {
  int value = 0;
  const int result = ioctl(subject.fd, static_cast<decltype(FIONREAD)>(request), &value);
  return result != 0 ? outcome(result) : "0 gives " + std::to_string(value);
}

std::string run_sockatmark(Subject& subject, long) { return outcome(sockatmark(subject.fd)); }

std::string run_getfl(Subject& subject, long) {
  const int flags = fcntl(subject.fd, F_GETFL);
  if (flags < 0) return outcome(flags);
  return std::string((flags & O_ACCMODE) == O_RDWR ? "O_RDWR" : "?") + ((flags & O_NONBLOCK) != 0 ? " O_NONBLOCK" : "");
}

std::string run_setfl(Subject& subject, long flags) { return outcome(fcntl(subject.fd, F_SETFL, O_NONBLOCK | flags)); }

std::string run_getfd(Subject& subject, long) { return outcome(fcntl(subject.fd, F_GETFD)); }

std::string run_fcntl_unknown(Subject& subject, long command) {
  return outcome(fcntl(subject.fd, static_cast<int>(command), 0));
}

std::string run_fstat(Subject& subject, long) {
  struct stat status;
  const int result = fstat(subject.fd, &status);
  if (result != 0) return outcome(result);
  return std::string(S_ISSOCK(status.st_mode) ? "a socket" : "no socket") + " of " + std::to_string(status.st_size) +
         " bytes, " + std::to_string(status.st_nlink) + " link";
}

std::string run_lseek(Subject& subject, long whence) { return outcome(lseek(subject.fd, 0, static_cast<int>(whence))); }

std::string run_pread(Subject& subject, long size) {
  char data[16];
  return outcome(pread(subject.fd, data, static_cast<size_t>(size), 0));
}

std::string run_pwrite(Subject& subject, long size) {
  return outcome(pwrite(subject.fd, "hello", static_cast<size_t>(size), 0));
}

std::string run_preadv(Subject& subject, long) {
  char data[16];
  const iovec piece = {data, sizeof data};
  return outcome(preadv(subject.fd, &piece, 1, 0));
}

std::string run_pwritev(Subject& subject, long) {
  char data[] = "hello";
  const iovec piece = {data, 5};
  return outcome(pwritev(subject.fd, &piece, 1, 0));
}

std::string run_ftruncate(Subject& subject, long size) { return outcome(ftruncate(subject.fd, size)); }
std::string run_fsync(Subject& subject, long) { return outcome(fsync(subject.fd)); }
std::string run_fdatasync(Subject& subject, long) { return outcome(fdatasync(subject.fd)); }

std::string run_isatty(Subject& subject, long) {
  const int result = isatty(subject.fd);
  return result == 1 ? "1" : conformance::errno_name(errno);
}

std::string run_poll(Subject& subject, long events) {
  return names_of(events_of(subject.fd, static_cast<short>(events)));
}

std::string run_select(Subject& subject, long which) {
  fd_set read_set, write_set, except_set;
  FD_ZERO(&read_set);
  FD_ZERO(&write_set);
  FD_ZERO(&except_set);
  FD_SET(subject.fd, &read_set);
  FD_SET(subject.fd, &write_set);
  FD_SET(subject.fd, &except_set);
  timeval at_once = {0, 0};
  const int result =
      select(subject.fd + 1, (which & 1) != 0 ? &read_set : nullptr, (which & 2) != 0 ? &write_set : nullptr,
             (which & 4) != 0 ? &except_set : nullptr, &at_once);
  std::string text = outcome(result);
  if ((which & 1) != 0 && FD_ISSET(subject.fd, &read_set)) text += " readable";
  if ((which & 2) != 0 && FD_ISSET(subject.fd, &write_set)) text += " writable";
  if ((which & 4) != 0 && FD_ISSET(subject.fd, &except_set)) text += " exceptional";
  return text;
}

std::string run_low_water(Subject& subject, long size) {
  const int value = static_cast<int>(size);
  const int result = setsockopt(subject.fd, SOL_SOCKET, SO_RCVLOWAT, &value, sizeof value);
  return outcome(result) + " " + names_of(events_of(subject.fd, POLLIN));
}

}  // namespace

void add_asking(std::vector<Operation>& list) {
  list.push_back({"getsockopt SO_ERROR", run_option, SO_ERROR});
  list.push_back({"getsockopt SO_ACCEPTCONN", run_option, SO_ACCEPTCONN});
  list.push_back({"getsockopt SO_TYPE", run_option, SO_TYPE});
  list.push_back({"ioctl FIONREAD", run_ioctl_int, static_cast<long>(FIONREAD)});
  list.push_back({"ioctl SIOCATMARK", run_ioctl_int, static_cast<long>(SIOCATMARK)});
  list.push_back({"ioctl TIOCOUTQ", run_ioctl_int, static_cast<long>(TIOCOUTQ)});
  list.push_back({"ioctl TIOCGWINSZ", run_ioctl_int, static_cast<long>(TIOCGWINSZ)});
  list.push_back({"sockatmark", run_sockatmark, 0});
  list.push_back({"fcntl F_GETFL", run_getfl, 0});
  list.push_back({"fcntl F_SETFL", run_setfl, 0});
  list.push_back({"fcntl F_GETFD", run_getfd, 0});
  list.push_back({"fcntl unknown command", run_fcntl_unknown, 9999});
  list.push_back({"fstat", run_fstat, 0});
  list.push_back({"lseek SEEK_SET", run_lseek, SEEK_SET});
  list.push_back({"lseek SEEK_CUR", run_lseek, SEEK_CUR});
  list.push_back({"lseek SEEK_END", run_lseek, SEEK_END});
  list.push_back({"pread", run_pread, 16});
  list.push_back({"pread of 0", run_pread, 0});
  list.push_back({"pwrite", run_pwrite, 5});
  list.push_back({"pwrite of 0", run_pwrite, 0});
  list.push_back({"preadv", run_preadv, 0});
  list.push_back({"pwritev", run_pwritev, 0});
  list.push_back({"ftruncate", run_ftruncate, 0});
  list.push_back({"ftruncate -1", run_ftruncate, -1});
  list.push_back({"fsync", run_fsync, 0});
  list.push_back({"fdatasync", run_fdatasync, 0});
  list.push_back({"isatty", run_isatty, 0});
  const struct {
    const char* name;
    long events;
  } polls[] = {{"0", 0},
               {"POLLIN", POLLIN},
               {"POLLOUT", POLLOUT},
               {"POLLRDHUP", POLLRDHUP},
               {"POLLPRI", POLLPRI},
               {"POLLIN|POLLOUT", POLLIN | POLLOUT},
               {"POLLIN|POLLRDHUP", POLLIN | POLLRDHUP}};
  for (const auto& poll : polls) list.push_back({std::string("poll ") + poll.name, run_poll, poll.events});
  list.push_back({"select readable", run_select, 1});
  list.push_back({"select writable", run_select, 2});
  list.push_back({"select exceptional", run_select, 4});
  list.push_back({"select all", run_select, 7});
  list.push_back({"SO_RCVLOWAT 1", run_low_water, 1});
  list.push_back({"SO_RCVLOWAT 5", run_low_water, 5});
  list.push_back({"SO_RCVLOWAT 6", run_low_water, 6});
}

}  // namespace operations
