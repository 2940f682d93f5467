// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Receiving and sending datagrams.
#include <stdlib.h>

#include "wit-bindings/0.2/errno_of.h"
#include "wit-bindings/0.2/look.h"
#include "wit-bindings/0.2/network.h"
#include "wit-bindings/0.2/realloc.h"
#include "wit-bindings/0.2/results.h"
#include "wit-bindings/host.h"

namespace posix_sockets::host {

using namespace wasi::raw;

namespace {

// What the last check-send permitted; a send uses it up, and one without ends the guest.
struct Permit {
  wasi::RawHandle outgoing;
  size_t count;
};
Permit permit;

}  // namespace

void parts::drop_outgoing(RawHandle outgoing) {
  if (permit.outgoing == outgoing) permit.outgoing = 0;
  wps_outgoing_datagram_stream_drop(outgoing);
}

Result<size_t> DatagramSocket::receive(void* buffer, size_t most, TakeDatagram take, void* context) {
  ResultOf<List<IncomingDatagram>> result = {};
  wasi::LentBuffer lent(buffer, receive_room);
  wps_incoming_datagram_stream_receive(part.incoming.borrow(), most, &result);
  if (result.is_error != 0) return errno_of_answer(wasi::error_code(result.error));
  const List<IncomingDatagram>& list = result.value;
  for (size_t i = 0; i < list.length; ++i) {
    const IncomingDatagram& datagram = list.data[i];
    take(context, datagram.data.data, datagram.data.length, wasi::from_wit(datagram.remote_address));
    if (datagram.data.length != 0 && !lent.contains(datagram.data.data)) free(datagram.data.data);
  }
  if (list.length == 0) return Errno(EAGAIN);
  if (!lent.contains(list.data)) free(list.data);
  return list.length;
}

// A kind of host that once was too busy to send goes on refusing until its pollable is looked at.
Errno DatagramSocket::room() {
  permit.outgoing = 0;
  for (bool looked = false;; looked = true) {
    ResultOf<uint64_t> result = {};
    wps_outgoing_datagram_stream_check_send(part.outgoing.borrow(), &result);
    if (result.is_error != 0) return errno_of(wasi::error_code(result.error));
    if (result.value != 0) {
      permit = {part.outgoing.borrow(), result.value < most_at_once ? static_cast<size_t>(result.value) : most_at_once};
      return success;
    }
    if (looked || !wasi::look(writable().id())) return EAGAIN;
  }
}

namespace {

Result<size_t> send_permitted(wasi::RawHandle outgoing, const OutgoingDatagram* list, size_t count) {
  if (count > permit.count) count = permit.count;
  permit.outgoing = 0;
  wasi::raw::OutgoingDatagram lowered[DatagramSocket::most_at_once];
  for (size_t i = 0; i < count; ++i) {
    lowered[i].data = {static_cast<const uint8_t*>(list[i].data), list[i].size};
    lowered[i].remote_address.is_some = list[i].address != nullptr;
    if (list[i].address != nullptr) wasi::to_wit(*list[i].address, lowered[i].remote_address.value);
  }
  ResultOf<uint64_t> result = {};
  wps_outgoing_datagram_stream_send(outgoing, lowered, count, &result);
  if (result.is_error == 0) return static_cast<size_t>(result.value);
  const wasi::ErrorCode code = wasi::error_code(result.error);
  return code == wasi::ErrorCode::remote_unreachable ? Errno(ENETUNREACH) : errno_of_answer(code);
}

}  // namespace

Result<size_t> DatagramSocket::send(const OutgoingDatagram* list, size_t count) {
  for (bool again = false;; again = true) {
    if (permit.outgoing != part.outgoing.borrow()) {
      const Errno asked = room();
      if (!asked.ok()) return asked;
    }
    const Result<size_t> sent = send_permitted(part.outgoing.borrow(), list, count);
    const bool was_told = part.refusal.sent(!sent.ok());
    if (!sent.ok() ? was_told : sent.value() == 0 && !again) continue;
    return sent.ok() && sent.value() == 0 ? Result<size_t>(Errno(EAGAIN)) : sent;
  }
}

Result<size_t> DatagramSocket::look_closer(void* buffer, TakeDatagram take, void* context) {
  constexpr int looks = 2;
  if (!part.refusal.may_be_shown(part.is_connected)) return Errno(EAGAIN);
  for (int i = 0; i < looks; ++i) {
    if (!wasi::look(readable().id())) return Errno(EAGAIN);
    const Result<size_t> received = receive(buffer, 1, take, context);
    if (!(received.error() == EAGAIN)) return received;
  }
  return Errno(part.refusal.shown(part.is_connected) ? ECONNREFUSED : EAGAIN);
}

Source& DatagramSocket::readable() {
  if (part.refusal.hides_input()) return part.next_try();
  return part.readable.of(part.incoming.borrow(), wps_incoming_datagram_stream_subscribe);
}

// The same one until it is over, as one set may have the socket twice.
parts::Source& parts::DatagramSocket::next_try() {
  constexpr uint64_t pause_ns = 1000000;
  const uint64_t now = wps_monotonic_clock_now();
  if (!retry || now >= retry_at) {
    retry_at = now + pause_ns;
    retry.pollable = Handle<drop_pollable>(wps_monotonic_clock_subscribe_instant(retry_at));
  }
  return retry;
}

Source& DatagramSocket::writable() {
  return part.writable.of(part.outgoing.borrow(), wps_outgoing_datagram_stream_subscribe);
}

}  // namespace posix_sockets::host
