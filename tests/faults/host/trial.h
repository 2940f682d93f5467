// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a scenario is made of. It runs once without a fault, when every CHECK_PLAIN must hold, and then once for each fault: the calls of
// the library may fail then, but only with an errno that their documentation names, and what was accepted must not be lost.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>

#include <cerrno>
#include <functional>
#include <string>
#include <vector>

#include "guest.h"
#include "world.h"

namespace faults {

using scripted::ms;
using scripted::PeerPointer;
using scripted::world;

// Whether this run has no fault.
bool is_plain();
// Ends the process with a message that says which fault it was.
[[noreturn]] void fail(const char* what, const char* file, int line);
// Looks whether the documentation of `function` names errno, if `result` says that it failed.
long judge(const char* function, long result, const char* file, int line);

#define CHECK_PLAIN(condition)                                                            \
  do {                                                                                    \
    if (faults::is_plain() && !(condition)) faults::fail(#condition, __FILE__, __LINE__); \
  } while (false)
#define CHECK_ALWAYS(condition)                                     \
  do {                                                              \
    if (!(condition)) faults::fail(#condition, __FILE__, __LINE__); \
  } while (false)

// A call of the library, judged.
#define CALL(function, ...) \
  (errno = 0, faults::judge(#function, static_cast<long>(guest::function(__VA_ARGS__)), __FILE__, __LINE__))

// A descriptor that the scenario closes at its end, if it hasn't done so: closing must work.
class Fd {
 public:
  Fd() = default;
  explicit Fd(long number) : number_(static_cast<int>(number)) {}
  Fd(Fd&& other) noexcept : number_(other.number_) { other.number_ = -1; }
  Fd& operator=(Fd&& other) noexcept;
  ~Fd() { close(); }
  operator int() const { return number_; }  // NOLINT: a number
  bool is_open() const { return number_ >= 0; }
  void close();

 private:
  int number_ = -1;
};

// A connection between the scenario's peer and a socket; what went either way is compared at the end.
struct Stream {
  Fd socket;
  PeerPointer peer;
  std::string accepted;  // by send
  std::string got;       // by recv
  bool ended = false;    // recv said so
  bool broken = false;   // a call told of an error that isn't "not now"

  Stream() = default;
  Stream(Stream&&) = default;
  Stream& operator=(Stream&&) = default;
  ~Stream();

  // As send(), once; what it took is remembered.
  long send(const std::string& data, int flags = 0);
  // As recv(), once.
  long recv(size_t size, int flags = 0);
  // Until all is sent, by waiting in between if `wait` says how.
  bool send_all(const std::string& data, const std::function<bool(int, short)>& wait = {});
  // Until the end, or until `size` bytes are there.
  bool recv_all(size_t size, const std::function<bool(int, short)>& wait = {});
};

enum class Mode { blocking, polling, timed };

sockaddr_in address(uint16_t port, const char* text = "127.0.0.1");
sockaddr_in6 address6(uint16_t port, const char* text = "::1");
inline const sockaddr* any(const sockaddr_in& each) { return reinterpret_cast<const sockaddr*>(&each); }
inline const sockaddr* any(const sockaddr_in6& each) { return reinterpret_cast<const sockaddr*>(&each); }

bool polls(int number, short events);
bool selects(int number, short events);
bool epolls(int number, short events);
long set_option(int number, int level, int name, int value);
long get_option(int number, int level, int name);
void set_times(int number, int milliseconds);

Fd tcp(int flags = 0, int family = AF_INET);
Fd udp(int flags = 0, int family = AF_INET);
// Connected to a peer, or with a socket that isn't open.
Stream connected(Mode mode = Mode::blocking);
std::function<bool(int, short)> way_of(Mode mode);
Fd listener(uint16_t port, int flags = 0);
std::string text_of(size_t size);
// What a program does at its end.
void end_program();
extern bool program_has_ended;

struct Scenario {
  const char* name;
  void (*run)();
  Scenario* next;
  Scenario(const char* its_name, void (*its_run)());
};
Scenario* scenarios();

#define FAULTS_JOIN_(a, b) a##b
#define FAULTS_JOIN(a, b) FAULTS_JOIN_(a, b)
#define SCENARIO(name)                                                                           \
  static void FAULTS_JOIN(scenario_, __LINE__)();                                                \
  static faults::Scenario FAULTS_JOIN(entry_, __LINE__)(name, FAULTS_JOIN(scenario_, __LINE__)); \
  static void FAULTS_JOIN(scenario_, __LINE__)()

}  // namespace faults
