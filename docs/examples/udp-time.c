/* Asks a time server (SNTP, RFC 4330) and prints what it says as UTC. Usage: udp-time HOST [PORT]
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { PACKET = 48, TRANSMIT = 40, ATTEMPTS = 3 };

/* A connected datagram socket hears of its peer alone, and of its refusal. */
static int connect_to(const char* host, const char* port) {
  struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_DGRAM}, *list;
  int error = getaddrinfo(host, port, &hints, &list);
  if (error != 0) {
    fprintf(stderr, "%s: %s\n", host, gai_strerror(error));
    return -1;
  }
  int fd = -1;
  for (struct addrinfo* each = list; each != NULL; each = each->ai_next) {
    fd = socket(each->ai_family, each->ai_socktype, each->ai_protocol);
    if (fd >= 0 && connect(fd, each->ai_addr, each->ai_addrlen) == 0) break;
    if (fd >= 0) close(fd);
    fd = -1;
  }
  freeaddrinfo(list);
  if (fd < 0) perror(host);
  return fd;
}

int main(int argc, char** argv) {
  if (argc < 2) {
    fprintf(stderr, "usage: udp-time HOST [PORT]\n");
    return 2;
  }
  int fd = connect_to(argv[1], argc > 2 ? argv[2] : "123");
  if (fd < 0) return 1;
  struct timeval patience = {.tv_sec = 1};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  for (int attempt = 0; attempt < ATTEMPTS; ++attempt) {
    unsigned char packet[PACKET] = {4 << 3 | 3}; /* version 4, client */
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    const uint32_t cookie = htonl((uint32_t)now.tv_nsec); /* comes back as the originate timestamp */
    memcpy(packet + TRANSMIT, &cookie, sizeof cookie);
    if (send(fd, packet, sizeof packet, 0) < 0) perror("send");
    ssize_t got = recv(fd, packet, sizeof packet, 0);
    if (got < 0) {
      if (errno == EAGAIN) continue; /* lost on the way, or nobody there: once more */
      perror("recv");
      return 1;
    }
    if (got != PACKET || memcmp(packet + 24, &cookie, sizeof cookie) != 0) continue; /* not the answer to this */
    uint32_t seconds;
    memcpy(&seconds, packet + TRANSMIT, sizeof seconds);
    const time_t unix_seconds = (time_t)(ntohl(seconds) - 2208988800u); /* from 1900 to 1970 */
    char text[64];
    strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", gmtime(&unix_seconds));
    puts(text);
    return 0;
  }
  fprintf(stderr, "no answer\n");
  return 1;
}
