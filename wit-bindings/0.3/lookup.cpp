// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Look-ups of names by the host.
#include <stdlib.h>
#include <string.h>

#include "support/memory.h"
#include "wit-bindings/0.3/address.h"
#include "wit-bindings/0.3/events.h"
#include "wit-bindings/host.h"

namespace posix_sockets::host {

using namespace wasi3;

struct parts::LookupState final : Call, Watched {
  LookupState()
      : Call([](Flight& flight, uint32_t) { static_cast<LookupState&>(static_cast<Call&>(flight)).done = true; }),
        Watched{[](Watched& watched) { return static_cast<LookupState&>(watched).done; }} {}
  ~LookupState() {
    source.reset();
    done |= cancel();
    if (done && result.is_error == 0 && result.value.length != 0) free(result.value.data);
    free(name);
  }

  Source source;
  bool done = false;
  size_t next = 0;
  char* name = nullptr;
  ResultOf<List<IpAddress>, LookupError> result = {};
};

namespace {

Lookup::Status status_of(LookupError code, Errno& error) {
  switch (code) {
    case LookupError::name_unresolvable:
    case LookupError::invalid_argument:  // not the form of a name
      return Lookup::Status::no_such_name;
    case LookupError::temporary_resolver_failure:
      return Lookup::Status::try_again;
    case LookupError::permanent_resolver_failure:
      return Lookup::Status::failed;
    default:
      error = code == LookupError::access_denied ? EACCES : EIO;
      return Lookup::Status::refused;
  }
}

}  // namespace

parts::Lookup::~Lookup() {
  if (state != nullptr) destroy(state);
}

Lookup::Status Lookup::start(const char* name, size_t length) {
  if (part.state != nullptr) destroy(part.state);
  part.state = posix_sockets::create<parts::LookupState>();
  if (part.state == nullptr) return Status::out_of_memory;
  parts::LookupState& state = *part.state;
  state.name = static_cast<char*>(malloc(length + 1));
  if (state.name == nullptr) return Status::out_of_memory;
  memcpy(state.name, name, length);
  const Call::Begun begun = state.begin(wps3_resolve_addresses(state.name, length, &state.result));
  if (begun == Call::Begun::cancelled) return Status::out_of_memory;
  state.done = begun == Call::Begun::returned;
  return Status::pending;
}

Lookup::Status Lookup::next(SocketAddress& address) {
  parts::LookupState& state = *part.state;
  if (!state.done) take_turn();
  if (!state.done) return Status::pending;
  if (state.result.is_error != 0) return status_of(take_code(state.result.error), error);
  if (state.next == state.result.value.length) return Status::finished;
  address = from_wit(state.result.value.data[state.next++]);
  return Status::found;
}

Source& Lookup::answered() { return part.state->source.of(*part.state); }

}  // namespace posix_sockets::host
