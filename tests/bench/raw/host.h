// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The imports of wasi:sockets and what the hand-written loops need of wasi:io, as the canonical ABI lowers them, and the lent
// cabi_realloc: the host writes what it reads to where the loop wants it.
#pragma once

#include <stdint.h>

#include "../harness.h"

#define IMPORT(module, name) __attribute__((import_module(module "@0.2.0"), import_name(name)))
#define FLAT                                                                                                  \
  int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t
// 127.0.0.1
#define LOOPBACK(port) 0, (port), 127, 0, 0, 1, 0, 0, 0, 0, 0, 0

typedef int32_t handle;
struct list {
  void* data;
  size_t length;
};
struct read_result {
  uint8_t failed;
  struct list value;
};
struct permit_result {
  uint8_t failed;
  uint64_t value;
};
struct handle_result {
  uint8_t failed;
  handle value;
};
struct pair_result {
  uint8_t failed;
  union {
    struct {
      handle input, output;
    };
    uint8_t error;
  };
};
struct accept_result {
  uint8_t failed;
  union {
    struct {
      handle socket, input, output;
    };
    uint8_t error;
  };
};
struct address {
  uint8_t family;
  uint16_t port;
  uint8_t bytes[28];
};
struct address_result {
  uint8_t failed;
  struct address value __attribute__((aligned(4)));
};
struct incoming {
  struct list data;
  uint8_t address[32];
};
struct outgoing {
  struct list data;
  uint8_t has_address;
  uint8_t address[32] __attribute__((aligned(4)));
};

IMPORT("wasi:io/poll", "poll") void host_poll(const handle*, size_t, struct list*);
IMPORT("wasi:io/poll", "[resource-drop]pollable") void drop_pollable(handle);
IMPORT("wasi:io/streams", "[method]input-stream.read") void host_read(handle, uint64_t, struct read_result*);
IMPORT("wasi:io/streams", "[method]input-stream.subscribe") handle subscribe_input(handle);
IMPORT("wasi:io/streams", "[resource-drop]input-stream") void drop_input(handle);
IMPORT("wasi:io/streams", "[method]output-stream.check-write") void check_write(handle, struct permit_result*);
IMPORT("wasi:io/streams", "[method]output-stream.write")
void host_write(handle, const void*, size_t, struct permit_result*);
IMPORT("wasi:io/streams", "[method]output-stream.subscribe") handle subscribe_output(handle);
IMPORT("wasi:io/streams", "[resource-drop]output-stream") void drop_output(handle);
IMPORT("wasi:sockets/instance-network", "instance-network") handle instance_network(void);
IMPORT("wasi:sockets/tcp-create-socket", "create-tcp-socket") void create_tcp(int32_t, struct handle_result*);
IMPORT("wasi:sockets/tcp", "[method]tcp-socket.start-bind") void start_bind(handle, handle, FLAT, uint8_t*);
IMPORT("wasi:sockets/tcp", "[method]tcp-socket.finish-bind") void finish_bind(handle, uint8_t*);
IMPORT("wasi:sockets/tcp", "[method]tcp-socket.start-listen") void start_listen(handle, uint8_t*);
IMPORT("wasi:sockets/tcp", "[method]tcp-socket.finish-listen") void finish_listen(handle, uint8_t*);
IMPORT("wasi:sockets/tcp", "[method]tcp-socket.local-address") void local_address(handle, struct address_result*);
IMPORT("wasi:sockets/tcp", "[method]tcp-socket.start-connect") void start_connect(handle, handle, FLAT, uint8_t*);
IMPORT("wasi:sockets/tcp", "[method]tcp-socket.finish-connect") void finish_connect(handle, struct pair_result*);
IMPORT("wasi:sockets/tcp", "[method]tcp-socket.accept") void host_accept(handle, struct accept_result*);
IMPORT("wasi:sockets/tcp", "[method]tcp-socket.subscribe") handle subscribe_tcp(handle);
IMPORT("wasi:sockets/tcp", "[resource-drop]tcp-socket") void drop_tcp(handle);
IMPORT("wasi:sockets/udp-create-socket", "create-udp-socket") void create_udp(int32_t, struct handle_result*);
IMPORT("wasi:sockets/udp", "[method]udp-socket.start-bind") void start_bind_udp(handle, handle, FLAT, uint8_t*);
IMPORT("wasi:sockets/udp", "[method]udp-socket.finish-bind") void finish_bind_udp(handle, uint8_t*);
IMPORT("wasi:sockets/udp", "[method]udp-socket.stream") void stream_udp(handle, int32_t, FLAT, struct pair_result*);
IMPORT("wasi:sockets/udp", "[method]udp-socket.local-address") void local_address_udp(handle, struct address_result*);
IMPORT("wasi:sockets/udp", "[method]incoming-datagram-stream.receive")
void receive_datagrams(handle, uint64_t, struct read_result*);
IMPORT("wasi:sockets/udp", "[method]incoming-datagram-stream.subscribe") handle subscribe_incoming(handle);
IMPORT("wasi:sockets/udp", "[method]outgoing-datagram-stream.check-send") void check_send(handle, struct permit_result*);
IMPORT("wasi:sockets/udp", "[method]outgoing-datagram-stream.send")
void send_datagrams(handle, const struct outgoing*, size_t, struct permit_result*);
IMPORT("wasi:sockets/udp", "[method]outgoing-datagram-stream.subscribe") handle subscribe_outgoing(handle);

static char* lent;
static char* lent_end;

__attribute__((export_name("cabi_realloc"))) void* cabi_realloc(void* old, size_t old_size, size_t alignment, size_t size) {
  uintptr_t next = ((uintptr_t)lent + alignment - 1) / alignment * alignment;
  (void)old;
  (void)old_size;
  if (lent != NULL && next + size <= (uintptr_t)lent_end) {
    lent = (char*)next + size;
    return (void*)next;
  }
  return malloc(size);
}

static void lend(void* memory, size_t size) {
  lent = memory;
  lent_end = lent + size;
}

static void wait_for(handle pollable) {
  uint32_t ready[1];
  struct list list;
  lend(ready, sizeof ready);
  host_poll(&pollable, 1, &list);
  lent = NULL;
}

struct stream {
  handle socket, input, output, readable, writable;
};

// The bytes that the host has now, at most `size`.
static size_t read_some(const struct stream* stream, void* out, size_t size) {
  struct read_result result;
  lend(out, size);
  host_read(stream->input, size, &result);
  lent = NULL;
  check(!result.failed, "read");
  return result.value.length;
}
static size_t read_waiting(struct stream* stream, void* out, size_t size) {
  for (;;) {
    size_t n = read_some(stream, out, size);
    if (n != 0) return n;
    if (stream->readable == 0) stream->readable = subscribe_input(stream->input);
    wait_for(stream->readable);
  }
}
static void read_all(struct stream* stream, void* out, size_t size) {
  for (size_t done = 0; done < size;) {
    size_t ask = size - done < 65536 ? size - done : 65536;
    done += read_waiting(stream, (char*)out + done, ask);
  }
}
static size_t write_some(struct stream* stream, const void* data, size_t size) {
  struct permit_result permit;
  for (;;) {
    check_write(stream->output, &permit);
    check(!permit.failed, "check-write");
    if (permit.value != 0) break;
    if (stream->writable == 0) stream->writable = subscribe_output(stream->output);
    wait_for(stream->writable);
  }
  if (size > 65536) size = 65536;
  if (size > permit.value) size = (size_t)permit.value;
  host_write(stream->output, data, size, &permit);
  check(!permit.failed, "write");
  return size;
}
static void write_all(struct stream* stream, const void* data, size_t size) {
  for (size_t done = 0; done < size;) done += write_some(stream, (const char*)data + done, size - done);
}

static handle network(void) {
  static handle result;
  if (result == 0) result = instance_network();
  return result;
}

static struct stream connect_to(int port) {
  struct stream stream = {0, 0, 0, 0, 0};
  struct handle_result created;
  struct pair_result connected;
  uint8_t result[2];
  handle pollable = 0;
  create_tcp(0, &created);
  check(!created.failed, "create");
  stream.socket = created.value;
  start_connect(stream.socket, network(), LOOPBACK(port), result);
  check(!result[0], "start-connect");
  for (;;) {
    finish_connect(stream.socket, &connected);
    if (!connected.failed) break;
    check(connected.error == 8, "finish-connect");  // would-block
    if (pollable == 0) pollable = subscribe_tcp(stream.socket);
    wait_for(pollable);
  }
  if (pollable != 0) drop_pollable(pollable);
  stream.input = connected.input;
  stream.output = connected.output;
  return stream;
}

static void drop_stream(struct stream* stream) {
  if (stream->readable != 0) drop_pollable(stream->readable);
  if (stream->writable != 0) drop_pollable(stream->writable);
  drop_input(stream->input);
  drop_output(stream->output);
  drop_tcp(stream->socket);
}

static struct stream order(int port, char what, size_t number) {
  struct {
    char what;
    char unused[3];
    uint32_t number;
  } order = {what, {0}, (uint32_t)number};
  struct stream result = connect_to(port);
  write_all(&result, &order, sizeof order);
  return result;
}

static int answered_port(struct stream* control) {
  uint32_t port;
  read_all(control, &port, sizeof port);
  return (int)port;
}
