/* Serves the files of a folder over HTTP/1.0, one client after the other, with sendfile(2). Usage: file-server FOLDER [PORT]
 * The folder must be granted to the guest: wasi-posix-run --dir=FOLDER file-server.wasm FOLDER
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

static int listen_at(in_port_t port) {
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  int on = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      bind(fd, (struct sockaddr*)&address, sizeof address) != 0 || listen(fd, 64) != 0 ||
      getsockname(fd, (struct sockaddr*)&address, &length) != 0) {
    perror("listen");
    exit(1);
  }
  printf("listening at 127.0.0.1:%d\n", ntohs(address.sin_port));
  fflush(stdout);
  return fd;
}

/* 0: the client has gone. */
static int send_all(int fd, const char* data, size_t size) {
  while (size > 0) {
    ssize_t sent = send(fd, data, size, MSG_NOSIGNAL | MSG_MORE); /* the body follows in the same segment */
    if (sent < 0) return 0;
    data += sent;
    size -= (size_t)sent;
  }
  return 1;
}

static void answer(int fd, const char* format, ...) {
  char text[256];
  va_list list;
  va_start(list, format);
  int size = vsnprintf(text, sizeof text, format, list);
  va_end(list);
  if (size > 0 && (size_t)size < sizeof text) send_all(fd, text, (size_t)size);
}

/* The path of "GET /path HTTP/1.x"; null: something else, or a way out of the folder. */
static char* path_of(char* request) {
  if (strncmp(request, "GET /", 5) != 0) return NULL;
  char *path = request + 5, *end = strpbrk(path, " \r\n");
  if (end == NULL || *end != ' ') return NULL;
  *end = 0;
  if (strstr(path, "..") != NULL || *path == '/') return NULL;
  return *path != 0 ? path : strcpy(path, "index.html");
}

static void serve(int fd, int folder) {
  char request[2048];
  size_t used = 0;
  struct timeval patience = {.tv_sec = 5};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  do {
    ssize_t got = recv(fd, request + used, sizeof request - 1 - used, 0);
    if (got <= 0) return;
    used += (size_t)got;
    request[used] = 0;
  } while (strstr(request, "\r\n\r\n") == NULL && used < sizeof request - 1);

  char* path = path_of(request);
  if (path == NULL) return answer(fd, "HTTP/1.0 400 Bad Request\r\n\r\n");
  int file = openat(folder, path, O_RDONLY);
  struct stat status;
  if (file < 0 || fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
    answer(fd, "HTTP/1.0 404 Not Found\r\nContent-Length: 10\r\n\r\nnot found\n");
  } else {
    answer(fd, "HTTP/1.0 200 OK\r\nContent-Length: %lld\r\n\r\n", (long long)status.st_size);
    for (off_t offset = 0; offset < status.st_size;)
      if (sendfile(fd, file, &offset, (size_t)(status.st_size - offset)) <= 0) break;
  }
  if (file >= 0) close(file);
}

int main(int argc, char** argv) {
  int folder = argc > 1 ? open(argv[1], O_RDONLY | O_DIRECTORY) : -1;
  if (folder < 0) {
    fprintf(stderr, "usage: file-server FOLDER [PORT]%s%s\n", argc > 1 ? ": " : "", argc > 1 ? strerror(errno) : "");
    return 2;
  }
  int listener = listen_at((in_port_t)(argc > 2 ? atoi(argv[2]) : 0));
  for (;;) {
    int fd = accept(listener, NULL, NULL);
    if (fd < 0) continue;
    serve(fd, folder);
    close(fd);
  }
}
