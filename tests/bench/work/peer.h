// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Talking to the peer (../peer.c), for the programs that use the socket interface.
#pragma once

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "../harness.h"

static size_t size;
static int fd;

static struct sockaddr_in loopback(int port) {
  struct sockaddr_in address;
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_port = htons((uint16_t)port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

static int connect_to(int port) {
  struct sockaddr_in address = loopback(port);
  int result = socket(AF_INET, SOCK_STREAM, 0);
  check(result >= 0, "socket");
  check(connect(result, (struct sockaddr*)&address, sizeof address) == 0, "connect");
  return result;
}

static void receive_all(int number, void* out, size_t length) {
  size_t done = 0;
  while (done < length) {
    ssize_t n = recv(number, (char*)out + done, length - done, 0);
    check(n > 0, "recv");
    done += (size_t)n;
  }
}

static void send_all(int number, const void* data, size_t length) {
  size_t done = 0;
  while (done < length) {
    ssize_t n = send(number, (const char*)data + done, length - done, 0);
    check(n > 0, "send");
    done += (size_t)n;
  }
}

static int order(int port, char what, size_t number) {
  struct {
    char what;
    char unused[3];
    uint32_t number;
  } order = {what, {0}, (uint32_t)number};
  int result = connect_to(port);
  send_all(result, &order, sizeof order);
  return result;
}

// The port that the peer tells.
static int answered_port(int control) {
  uint32_t port;
  receive_all(control, &port, sizeof port);
  return (int)port;
}
