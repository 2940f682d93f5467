// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Names, and the standard streams.
#include <algorithm>
#include <cerrno>
#include <cstring>

#include "models.h"

using namespace scripted;

namespace posix_sockets::host {

using parts::LookupModel;

void parts::drop(LookupModel* model) { delete model; }

namespace {

// As 0.2/ tells it: only `refused` has an errno.
Lookup::Status status_of(const Fault& fault, Errno& error) {
  const auto status = static_cast<Lookup::Status>(fault.value);
  if (status == Lookup::Status::refused) error = EACCES;
  return status;
}

}  // namespace

Lookup::Status Lookup::start(const char* name, size_t length) {
  if (const Fault* given = fault(Call::lookup_start)) return status_of(*given, error);
  auto* model = new LookupModel;
  part.source.reset();
  part.model = parts::Owner<LookupModel>(model);
  const auto found = world().names.find(std::string(name, length));
  if (found != world().names.end()) model->answer = found->second;
  model->done_at = world().clock + world().lookup_delay;
  world().after(world().lookup_delay, [] {});
  return Status::pending;
}

Lookup::Status Lookup::next(SocketAddress& address) {
  if (const Fault* given = fault(Call::lookup_next)) return status_of(*given, error);
  LookupModel& model = *part.model;
  if (world().clock < model.done_at) return Status::pending;
  if (model.answer.empty()) return Status::no_such_name;
  if (model.next == model.answer.size()) return Status::finished;
  address = model.answer[model.next++];
  return Status::found;
}

Source& Lookup::answered() {
  LookupModel* model = &*part.model;
  return source_of(part.source, [model] { return world().clock >= model->done_at; });
}

StreamResult StandardInput::read(void* buffer, size_t size) {
  if (const Fault* given = fault(Call::standard_input_read)) {
    if (given->value == EAGAIN) return {};
    world().standard_input.clear();
    world().standard_input_ended = true;
    return {0, true, given->value < 0 ? Errno() : Errno(given->value)};
  }
  std::string& data = world().standard_input;
  const size_t taken = std::min(size, data.size());
  if (taken == 0) return {0, world().standard_input_ended, success};
  std::memcpy(buffer, data.data(), taken);
  data.erase(0, taken);
  return {taken, false, success};
}

Source& StandardInput::readable() {
  return source_of(part.source, [] { return !world().standard_input.empty() || world().standard_input_ended; });
}

Result<size_t> write_again(StandardOutput, const iovec*, int) { return Errno(EPIPE); }

}  // namespace posix_sockets::host
