// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "trace/call.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>

#include "fd/table.h"
#include "file/file.h"
#include "file/libc.h"
#include "trace/host_calls.h"
#include "trace/names.h"

namespace posix_sockets::trace {
namespace {

bool running;     // a traced call is under way
uint64_t paused;  // time that showing an unfinished line took

void put_errno(int error) {
  put(' ');
  put(Named{errnos, error});
  put(" (");
  put(strerror(error));
  put(')');
}

}  // namespace

bool is_ours(int number) {
  if (InsideLibc::active()) return false;
  const Description* description = fd::find(number);
  return description != nullptr && libc_descriptor_of(*description) < 0;
}

void about_to_wait() {
  if (!running) return;
  const uint64_t before = host_calls::now();
  flush();
  paused += host_calls::now() - before;
}

Call::Call(const char* name, bool shown, Outcome outcome)
    : outcome_(outcome), on_(shown && !running && !InsideLibc::active()), errno_(errno) {
  if (!on_) return;
  put(name);
  put('(');
}

void Call::start() {
  running = true;
  paused = 0;
  host_calls::begin();
  errno = errno_;
  start_ = host_calls::now();
}

void Call::stop() {
  end_ = host_calls::now();
  errno_ = errno;
  host_calls::end();
  running = false;
}

void Call::put_result(long long code) {
  put(") = ");
  switch (outcome_) {
    case Outcome::number:
      put(code);
      if (code == -1) put_errno(errno_);
      break;
    case Outcome::resolver:
      put(code);
      if (code == 0) break;
      put(' ');
      put(Named{resolver_codes, static_cast<int>(code)});
      put(" (");
      put(gai_strerror(static_cast<int>(code)));
      put(')');
      if (code == EAI_SYSTEM) put_errno(errno_);
      break;
    case Outcome::error:
      put(code);
      if (code != 0) put_errno(static_cast<int>(code));
      break;
    case Outcome::host:
      if (code != 0) break;  // what was found follows
      put("NULL ");
      put(Named{host_errors, h_errno});
      if (h_errno == NETDB_INTERNAL) put_errno(errno_);
      break;
  }
}

void Call::finish() {
  put(" <");
  put(Seconds{end_ - start_ - paused});
  put('>');
  host_calls::put_recorded();
  put('\n');
  host_calls::put_hint();
  flush();
  errno = errno_;
}

}  // namespace posix_sockets::trace
