/* Fetches a page over HTTP/1.0 and writes its body to standard output. Usage: http-get HOST PORT /PATH
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/* Tries all addresses of the name in the order of the resolver. */
static int connect_to(const char* host, const char* port) {
  struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM}, *list;
  int error = getaddrinfo(host, port, &hints, &list);
  if (error != 0) {
    fprintf(stderr, "%s: %s\n", host, gai_strerror(error));
    return -1;
  }
  int fd = -1;
  for (struct addrinfo* each = list; each != NULL && fd < 0; each = each->ai_next) {
    struct timeval patience = {.tv_sec = 10};
    fd = socket(each->ai_family, each->ai_socktype, each->ai_protocol);
    if (fd < 0) continue;
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience); /* of connect, too */
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (connect(fd, each->ai_addr, each->ai_addrlen) == 0) break;
    perror(host);
    close(fd);
    fd = -1;
  }
  freeaddrinfo(list);
  return fd;
}

int main(int argc, char** argv) {
  if (argc != 4) {
    fprintf(stderr, "usage: http-get HOST PORT /PATH\n");
    return 2;
  }
  int fd = connect_to(argv[1], argv[2]);
  if (fd < 0) return 1;
  FILE* connection = fdopen(fd, "r+"); /* a socket is a file to stdio, as everywhere */
  if (connection == NULL) {
    perror("fdopen");
    return 1;
  }
  fprintf(connection, "GET %s HTTP/1.0\r\nHost: %s\r\n\r\n", argv[3], argv[1]);
  fflush(connection);

  char line[1024];
  int status = 0;
  if (fgets(line, sizeof line, connection) == NULL || sscanf(line, "HTTP/%*s %d", &status) != 1) {
    fprintf(stderr, "that is no HTTP server\n");
    return 1;
  }
  while (fgets(line, sizeof line, connection) != NULL && strcmp(line, "\r\n") != 0) {
  }
  size_t size;
  while ((size = fread(line, 1, sizeof line, connection)) > 0) fwrite(line, 1, size, stdout);
  const int failed = ferror(connection);
  fclose(connection);
  if (failed) fprintf(stderr, "the connection broke off\n");
  if (status != 200) fprintf(stderr, "status %d\n", status);
  return failed || status != 200;
}
