// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Receiving and sending datagrams.
#include <stdlib.h>

#include "wit-bindings/0.2/errno_of.h"
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

Errno DatagramSocket::room() {
  ResultOf<uint64_t> result = {};
  permit.outgoing = 0;
  wps_outgoing_datagram_stream_check_send(part.outgoing.borrow(), &result);
  if (result.is_error != 0) return errno_of(wasi::error_code(result.error));
  if (result.value == 0) return EAGAIN;
  permit = {part.outgoing.borrow(), result.value < most_at_once ? static_cast<size_t>(result.value) : most_at_once};
  return success;
}

Result<size_t> DatagramSocket::send(const OutgoingDatagram* list, size_t count) {
  if (permit.outgoing != part.outgoing.borrow()) {
    const Errno asked = room();
    if (!asked.ok()) return asked;
  }
  if (count > permit.count) count = permit.count;
  permit.outgoing = 0;
  wasi::raw::OutgoingDatagram lowered[most_at_once];
  for (size_t i = 0; i < count; ++i) {
    lowered[i].data = {static_cast<const uint8_t*>(list[i].data), list[i].size};
    lowered[i].remote_address.is_some = list[i].address != nullptr;
    if (list[i].address != nullptr) wasi::to_wit(*list[i].address, lowered[i].remote_address.value);
  }
  ResultOf<uint64_t> result = {};
  wps_outgoing_datagram_stream_send(part.outgoing.borrow(), lowered, count, &result);
  if (result.is_error != 0) {
    const wasi::ErrorCode code = wasi::error_code(result.error);
    return code == wasi::ErrorCode::remote_unreachable ? Errno(ENETUNREACH) : errno_of_answer(code);
  }
  if (result.value == 0) return Errno(EAGAIN);
  return static_cast<size_t>(result.value);
}

Source& DatagramSocket::readable() {
  return part.readable.of(part.incoming.borrow(), wps_incoming_datagram_stream_subscribe);
}
Source& DatagramSocket::writable() {
  return part.writable.of(part.outgoing.borrow(), wps_outgoing_datagram_stream_subscribe);
}

}  // namespace posix_sockets::host
