// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Datagrams in and out.
#include <stdlib.h>
#include <string.h>

#include "wit-bindings/0.3/address.h"
#include "wit-bindings/0.3/datagram_socket.h"

namespace posix_sockets::host {

using namespace wasi3;

namespace parts {

Receiving::Receiving()
    : Call([](Flight& flight, uint32_t) { static_cast<Receiving&>(static_cast<Call&>(flight)).has_answer = true; }),
      Watched{[](Watched& watched) {
        auto& receiving = static_cast<Receiving&>(watched);
        if (receiving.socket != 0) receiving.put_under_way(receiving.socket);
        return receiving.has_answer;
      }} {}

void Receiving::put_under_way(RawHandle its_socket) {
  socket = its_socket;
  if (has_answer || is_under_way()) return;
  has_answer = begin(wps3_udp_receive(socket, &answer)) == Begun::returned;
}

void Receiving::drop() {
  source.reset();
  has_answer |= cancel();
  if (has_answer) {
    if (answer.is_error != 0) {
      (void)take_code(answer.error);
    } else if (answer.value.data.length != 0) {
      free(answer.value.data.data);
    }
  }
  has_answer = false;
  socket = 0;
}

Sending::Sending()
    : Call([](Flight& flight, uint32_t) {
        auto& sending = static_cast<Sending&>(static_cast<Call&>(flight));
        if (sending.result.is_error != 0) (void)take_code(sending.result.error);
      }),
      Watched{[](Watched& watched) { return !static_cast<Sending&>(watched).is_under_way(); }} {}

void Sending::drop() {
  source.reset();
  if (cancel() && result.is_error != 0) (void)take_code(result.error);
}

namespace {

// EAGAIN: the host has no room, and what is under way could not be noted.
Errno send_one(DatagramState& state, const OutgoingDatagram& datagram) {
  Sending& sending = state.sending;
  sending.arguments.self = state.socket;
  sending.arguments.data = {static_cast<const uint8_t*>(datagram.data), datagram.size};
  sending.arguments.is_some = datagram.address != nullptr;
  if (datagram.address != nullptr) to_wit(*datagram.address, sending.arguments.remote);
  const uint32_t begun = wps3_udp_send(&sending.arguments, &sending.result);
  const Call::Begun how = sending.begin(begun);
  if (how == Call::Begun::cancelled) return EAGAIN;
  if (how == Call::Begun::under_way || sending.result.is_error == 0) return success;
  const ErrorCode code = take_code(sending.result.error);
  return code == ErrorCode::remote_unreachable ? Errno(ENETUNREACH) : errno_of_answer(code);
}

}  // namespace
}  // namespace parts

Result<size_t> DatagramSocket::receive(void*, size_t most, TakeDatagram take, void* context) {
  parts::DatagramState& state = *part.state;
  parts::Receiving& receiving = state.receiving;
  size_t count = 0;
  if (receiving.is_under_way()) take_turn();
  while (count < most) {
    receiving.put_under_way(state.socket);
    if (!receiving.has_answer) break;
    if (receiving.answer.is_error != 0) {
      if (count != 0) break;  // told when it's asked for next
      receiving.has_answer = false;
      return errno_of_answer(take_code(receiving.answer.error));
    }
    receiving.has_answer = false;
    const List<uint8_t> data = receiving.answer.value.data;
    take(context, data.data, data.length, from_wit(receiving.answer.value.source));
    if (data.length != 0) free(data.data);
    ++count;
  }
  if (count == 0) return Errno(EAGAIN);
  return count;
}

// The host tells an answer by receive itself.
Result<size_t> DatagramSocket::look_closer(void* buffer, TakeDatagram take, void* context) {
  return receive(buffer, 1, take, context);
}

Result<size_t> DatagramSocket::send(const OutgoingDatagram* list, size_t count) {
  parts::DatagramState& state = *part.state;
  if (state.sending.is_under_way()) take_turn();
  size_t sent = 0;
  while (sent < count) {
    const Errno error = state.sending.is_under_way() ? Errno(EAGAIN) : parts::send_one(state, list[sent]);
    if (!error.ok()) {
      if (sent != 0) break;
      return error;
    }
    ++sent;
  }
  return sent;
}

Errno DatagramSocket::room() {
  if (part.state->sending.is_under_way()) take_turn();
  return part.state->sending.is_under_way() ? EAGAIN : success;
}

Source& DatagramSocket::readable() {
  parts::Receiving& receiving = part.state->receiving;
  receiving.socket = part.state->socket;
  return receiving.source.of(receiving);
}
Source& DatagramSocket::writable() { return part.state->sending.source.of(part.state->sending); }

}  // namespace posix_sockets::host
