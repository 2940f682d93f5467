// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Every call of wit-bindings/host.h times every error that it may give, and every allocation refused once, in every scenario.
//
// usage: host-faults [--list | --part PART OF | SCENARIO [CALL FAULT | allocation N]]
//
// For its errors a scenario runs again and again in one process. When a run ends that, the parent says which it was, and another process
// goes on behind it. For each refused allocation there is a process of its own, in which nothing is there from before.
#include <sanitizer/lsan_interface.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "errnos.h"
#include "libc.h"
#include "memory.h"
#include "names/resolver_settings.h"
#include "tcp/socket.h"
#include "trial.h"

namespace faults {
namespace {

// Where a scenario's process is. The parent sees it.
struct Progress {
  int call;        // 0: none is to fail
  size_t fault;    // of faults_of
  int allocation;  // 0: none is to be refused
  scripted::Call failing;
  int host_faults;  // injected so far
  int refusals;
  int undocumented;  // errno that the documentation doesn't name
  bool done;
};
Progress* progress;

bool plain;

struct Where {
  int call = 0;
  size_t fault = 0;
  int allocation = 0;
};

std::string describe(const Progress& at) {
  if (at.allocation != 0) return "allocation " + std::to_string(at.allocation);
  if (at.call == 0) return "no fault";
  std::string text = std::to_string(at.call) + " " + std::to_string(at.fault);
  if (at.failing != scripted::Call::count)
    text +=
        std::string(": ") + scripted::name_of(at.failing) + " gives " + scripted::faults_of(at.failing)[at.fault].text;
  return text;
}

// One run, from nothing to nothing. What it leaves is what it found. Whether an allocation was refused.
bool run_once(const Scenario& scenario, const Where& where) {
  progress->call = where.call;
  progress->fault = where.fault;
  progress->allocation = where.allocation;
  progress->failing = scripted::Call::count;
  scripted::begin(where.call, where.fault);
  plain = where.call == 0 && where.allocation == 0;
  fake::memory::fail_at(where.allocation);
  program_has_ended = false;
  scenario.run();
  const bool refused = fake::memory::refused();
  fake::memory::fail_at(0);
  for (int number = 0; number < 64; ++number) (void)guest::close(number);
  fake::reset_libc();
  for (const PeerPointer& peer : world().peers) peer->reads = true;
  posix_sockets::drain_lingering();
  if (world().live_objects != 0 || world().live_sources != 0) fail("objects of the host are left", __FILE__, __LINE__);
  return refused;
}

void run_all(const Scenario& scenario, Where from) {
  for (int i = 0; i < 2; ++i) run_once(scenario, {});  // what is kept for the life of the program is there then
  constexpr int most = 2000;
  for (int call = from.call == 0 ? 1 : from.call;; ++call) {
    if (call > most) fail("there is no end to the calls", __FILE__, __LINE__);
    bool any = false;
    for (size_t fault = call == from.call ? from.fault : 0;; ++fault) {
      run_once(scenario, {call, fault, 0});
      if (!world().faulted) break;
      any = true;
      ++progress->host_faults;
    }
    if (!any && world().calls < call) break;
  }
}

enum class Runs { all_errors, one_error, one_refusal };

[[noreturn]] void be_child(const Scenario& scenario, const Where& from, Runs runs) {
  signal(SIGABRT, SIG_DFL);
  fake::reset_libc();
  posix_sockets::resolver_settings_path = "/nonexistent/resolv.conf";  // the machine's own must not decide
  if (runs == Runs::all_errors) {
    run_all(scenario, from);
  } else if (runs == Runs::one_error) {
    for (int i = 0; i < 2; ++i) run_once(scenario, {});
    run_once(scenario, from);
  } else if (run_once(scenario, from)) {  // from nothing at all
    ++progress->refusals;
  }
  progress->call = progress->allocation = 0;
  if (__lsan_do_recoverable_leak_check() != 0) fail("memory is left", __FILE__, __LINE__);
  progress->done = true;
  std::fflush(nullptr);
  _exit(0);
}

// In a process of its own. Whether it came to its end.
bool run_apart(const Scenario& scenario, const Where& from, Runs runs) {
  constexpr unsigned longest_s = 20;
  progress->done = false;
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    alarm(longest_s);
    be_child(scenario, from, runs);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (status == 0 && progress->done) return true;
  std::printf("FAILED: %s: %s%s\n", scenario.name, describe(*progress).c_str(),
              WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM ? " (no end in 20 s)" : "");
  return false;
}

constexpr int most_failures = 5;  // of a scenario

bool run_errors(const Scenario& scenario) {
  Where from;
  for (int failures = 0; failures < most_failures; ++failures) {
    if (run_apart(scenario, from, Runs::all_errors)) return failures == 0;
    if (progress->call == 0) return false;
    from = {progress->call, progress->fault + 1, 0};  // goes on behind it
  }
  return false;
}

bool run_refusals(const Scenario& scenario) {
  int failures = 0;
  for (int allocation = 1; failures < most_failures; ++allocation) {
    const int before = progress->refusals;
    if (!run_apart(scenario, {0, 0, allocation}, Runs::one_refusal)) {
      ++failures;
    } else if (progress->refusals == before) {
      break;
    }
  }
  return failures == 0;
}

bool run_scenario(const Scenario& scenario, const Where& from, bool only) {
  *progress = {};
  if (only) return run_apart(scenario, from, from.allocation != 0 ? Runs::one_refusal : Runs::one_error);
  const bool errors = run_errors(scenario);
  const bool refusals = run_refusals(scenario);
  return errors && refusals && progress->undocumented == 0;
}

struct Part {
  int number = 0;
  int of = 1;
};

int run_everything(const char* name, const Part& part, Where from, bool only) {
  int count = 0;
  int failed = 0;
  int host_faults = 0;
  int refusals = 0;
  int place = 0;
  for (const Scenario* each = scenarios(); each != nullptr; each = each->next) {
    if (place++ % part.of != part.number) continue;
    if (name != nullptr && std::strstr(each->name, name) == nullptr) continue;
    ++count;
    if (!run_scenario(*each, from, only)) ++failed;
    host_faults += progress->host_faults;
    refusals += progress->refusals;
  }
  std::printf("%d scenarios, %d errors of host calls and %d refused allocations injected: %d scenarios failed\n", count,
              host_faults, refusals, failed);
  return count == 0 || failed != 0 ? 1 : 0;
}

}  // namespace

bool is_plain() { return plain; }

void fail(const char* what, const char* file, int line) {
  progress->failing = world().faulted_call;
  std::fprintf(stderr, "%s:%d: %s (errno %s)\n", file, line, what, strerrorname_np(errno));
  std::fflush(nullptr);
  _exit(1);
}

long judge(const char* function, long result, const char* file, int line) {
  progress->failing = world().faulted_call;
  if (result != -1) return result;
  const int error = errno;
  static std::map<std::string, std::set<std::string>> known;
  auto found = known.find(function);
  if (found == known.end()) found = known.emplace(function, documented_errnos(function)).first;
  const char* name = error == EAGAIN ? "EAGAIN" : strerrorname_np(error);
  if (name == nullptr || found->second.count(name) == 0) {
    // Told once, and the run goes on: the rest of it is worth seeing, too.
    found->second.insert(name != nullptr ? name : "?");
    ++progress->undocumented;
    std::fprintf(stderr, "%s:%d: %s() fails with %s, which its documentation doesn't name\n", file, line, function,
                 name != nullptr ? name : std::to_string(error).c_str());
  }
  errno = error;
  return result;
}

}  // namespace faults

int main(int argc, char** argv) {
  using namespace faults;
  if (argc > 1 && std::strcmp(argv[1], "--list") == 0) {
    for (const Scenario* each = scenarios(); each != nullptr; each = each->next) std::puts(each->name);
    return 0;
  }
  progress = static_cast<Progress*>(
      mmap(nullptr, sizeof(Progress), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  if (argc > 3 && std::strcmp(argv[1], "--part") == 0)
    return run_everything(nullptr, {std::atoi(argv[2]) - 1, std::atoi(argv[3])}, {}, false);
  Where from;
  if (argc > 3 && std::strcmp(argv[2], "allocation") == 0) {
    from.allocation = std::atoi(argv[3]);
  } else if (argc > 3) {
    from.call = std::atoi(argv[2]);
    from.fault = static_cast<size_t>(std::atoi(argv[3]));
  }
  return run_everything(argc > 1 ? argv[1] : nullptr, {}, from, argc > 3);
}
