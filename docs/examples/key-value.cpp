// A key-value store in C++: "set KEY VALUE", "get KEY", "count", a line each; "quit" closes. Usage: key-value [PORT]
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace {

// Owns a descriptor.
class Socket {
 public:
  explicit Socket(int fd = -1) : fd_(fd) {}
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Socket() {
    if (fd_ >= 0) ::close(fd_);
  }
  int fd() const { return fd_; }

 private:
  int fd_;
};

struct Client {
  Socket socket;
  std::string input;
};

using Store = std::map<std::string, std::string>;

Socket listen_at(in_port_t port) {
  Socket socket(::socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* name = reinterpret_cast<sockaddr*>(&address);
  if (::bind(socket.fd(), name, length) != 0 || ::listen(socket.fd(), 16) != 0 ||
      ::getsockname(socket.fd(), name, &length) != 0) {
    std::perror("listen");
    std::exit(1);
  }
  std::printf("listening at 127.0.0.1:%d\n", ntohs(address.sin_port));
  std::fflush(stdout);
  return socket;
}

std::string answer(Store& store, const std::string& line) {
  std::istringstream words(line);
  std::string verb, key, value;
  words >> verb >> key;
  std::getline(words >> std::ws, value);
  if (verb == "set" && !key.empty()) {
    store[key] = value;
    return "ok\n";
  }
  if (verb == "get") {
    const auto found = store.find(key);
    return found != store.end() ? found->second + "\n" : "none\n";
  }
  if (verb == "count") return std::to_string(store.size()) + "\n";
  return "what?\n";
}

// False: the client is done.
bool serve(Client& client, Store& store) {
  char buffer[1024];
  const ssize_t got = ::recv(client.socket.fd(), buffer, sizeof buffer, 0);
  if (got <= 0) return false;
  client.input.append(buffer, static_cast<size_t>(got));
  for (size_t end; (end = client.input.find('\n')) != std::string::npos; client.input.erase(0, end + 1)) {
    std::string line = client.input.substr(0, end);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line == "quit") return false;
    const std::string text = answer(store, line);
    if (::send(client.socket.fd(), text.data(), text.size(), MSG_NOSIGNAL) < 0) return false;
  }
  return client.input.size() < 65536;
}

}  // namespace

int main(int argc, char** argv) {
  const Socket listener = listen_at(static_cast<in_port_t>(argc > 1 ? std::atoi(argv[1]) : 0));
  std::vector<Client> clients;
  Store store;
  for (;;) {
    std::vector<pollfd> fds = {{listener.fd(), POLLIN, 0}};
    for (const Client& client : clients) fds.push_back({client.socket.fd(), POLLIN, 0});
    if (::poll(fds.data(), fds.size(), -1) < 0) continue;
    for (size_t i = clients.size(); i-- > 0;)
      if (fds[i + 1].revents != 0 && !serve(clients[i], store)) clients.erase(clients.begin() + static_cast<long>(i));
    if (fds[0].revents != 0) {
      Socket accepted(::accept(listener.fd(), nullptr, nullptr));
      if (accepted.fd() >= 0) clients.push_back({std::move(accepted), {}});
    }
  }
}
