// AF_UNIX sockets: names, binding, finding.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "local.h"

using namespace conformance;

TEST_CASE("unix: a fresh socket has no name") {
  for (int type : {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET}) {
    Fd fd = local_socket(type);
    Name name = name_of(fd);
    CHECK(name.length == sizeof(sa_family_t));
    CHECK(name.address.sun_family == AF_UNIX);
    CHECK_FAILS(getpeername(fd, name.get(), &name.length), ENOTCONN);
  }
}

TEST_CASE("unix: socket refuses what isn't a type or protocol") {
  CHECK_FAILS(socket(AF_UNIX, 0, 0), ESOCKTNOSUPPORT);
  CHECK_FAILS(socket(AF_UNIX, 15, 0), EINVAL);
  CHECK_FAILS(socket(AF_UNIX, SOCK_STREAM, 6), EPROTONOSUPPORT);
  Fd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, AF_UNIX));
  CHECK((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
  CHECK_RETURNS(fcntl(fd, F_GETFD), FD_CLOEXEC);
}

TEST_CASE("unix: a socket bound to a path has it as its name") {
  Name name = path_name("socket");
  Fd fd = bound_local(SOCK_STREAM, name);
  Name seen = name_of(fd);
  CHECK(seen.text() == name.text());
  CHECK(seen.length == name.length);
}

TEST_CASE("unix: binding makes a file that stat sees and unlink removes") {
  Name name = path_name("socket");
  Fd fd = bound_local(SOCK_DGRAM, name);
  struct stat info{};
  REQUIRE_OK(stat(name.address.sun_path, &info));
  CHECK(info.st_size == 0);
  CHECK(S_ISSOCK(info.st_mode) ==
        DIFFERS_ON_WASI("WASI has no way to make a socket file: an empty regular one stands for it", true, false));
  fd.reset();
  CHECK_OK(stat(name.address.sun_path, &info));
  CHECK_OK(unlink(name.address.sun_path));
  CHECK_FAILS(stat(name.address.sun_path, &info), ENOENT);
}

TEST_CASE("unix: a path in use gives EADDRINUSE, also when its socket is gone") {
  Name name = path_name("socket");
  Fd first = bound_local(SOCK_STREAM, name);
  Fd second = local_socket(SOCK_STREAM);
  CHECK_FAILS(bind(second, name.get(), name.length), EADDRINUSE);
  first.reset();
  CHECK_FAILS(bind(second, name.get(), name.length), EADDRINUSE);
  REQUIRE_OK(unlink(name.address.sun_path));
  CHECK_OK(bind(second, name.get(), name.length));
}

TEST_CASE("unix: binding to a file or folder gives EADDRINUSE") {
  Fd file = open_scratch("file");
  Fd fd = local_socket(SOCK_STREAM);
  Name name = path_name("file");
  CHECK_FAILS(bind(fd, name.get(), name.length), EADDRINUSE);
  REQUIRE_OK(mkdir(scratch("folder").c_str(), 0700));
  name = path_name("folder");
  CHECK_FAILS(bind(fd, name.get(), name.length), EADDRINUSE);
}

TEST_CASE("unix: binding in a folder that isn't there gives ENOENT, under a file ENOTDIR") {
  Fd fd = local_socket(SOCK_STREAM);
  Name name = path_name("none/socket");
  CHECK_FAILS(bind(fd, name.get(), name.length), ENOENT);
  Fd file = open_scratch("file");
  name = path_name("file/socket");
  CHECK_FAILS(bind(fd, name.get(), name.length), ENOTDIR);
  sockaddr_un far{};
  far.sun_family = AF_UNIX;
  std::strcpy(far.sun_path, "/nonexistent/socket");
  CHECK_FAILS(bind(fd, reinterpret_cast<sockaddr*>(&far), sizeof far), ENOENT);
  CHECK_FAILS(connect(fd, reinterpret_cast<sockaddr*>(&far), sizeof far), ENOENT);
}

TEST_CASE("unix: binding twice gives EINVAL") {
  Name one = path_name("one"), two = path_name("two"), abstract = abstract_name("three");
  Fd fd = bound_local(SOCK_STREAM, one);
  CHECK_FAILS(bind(fd, two.get(), two.length), EINVAL);
  CHECK_FAILS(bind(fd, abstract.get(), abstract.length), EINVAL);
  CHECK_FAILS(bind(fd, one.get(), one.length), EADDRINUSE);
  struct stat info{};
  CHECK_FAILS(stat(two.address.sun_path, &info), ENOENT);
  CHECK(name_of(fd).text() == one.text());
}

TEST_CASE("unix: bad addresses give EINVAL") {
  Fd fd = local_socket(SOCK_STREAM);
  Name name = path_name("socket");
  CHECK_FAILS(bind(fd, name.get(), 1), EINVAL);
  CHECK_FAILS(bind(fd, name.get(), 0), EINVAL);
  CHECK_FAILS(bind(fd, name.get(), static_cast<socklen_t>(sizeof(sockaddr_un) + 1)), EINVAL);
  CHECK_FAILS(connect(fd, name.get(), sizeof(sa_family_t)), EINVAL);
  name.address.sun_family = AF_INET;
  CHECK_FAILS(bind(fd, name.get(), name.length), EINVAL);
  CHECK_FAILS(connect(fd, name.get(), name.length), EINVAL);
  const sockaddr* volatile null = nullptr;
  CHECK_FAILS(bind(fd, null, name.length), EFAULT);
}

TEST_CASE("unix: a path needs no NUL behind it") {
  Name name = path_name("socket");
  Name longer = path_name("socketXYZ");
  Fd fd = local_socket(SOCK_STREAM);
  REQUIRE_OK(bind(fd, longer.get(), longer.length - 4));
  CHECK(name_of(fd).text() == name.text());
  CHECK(name_of(fd).length == name.length);
  struct stat info{};
  CHECK_OK(stat(name.address.sun_path, &info));
}

TEST_CASE("unix: a path ends at its NUL, however long the address is") {
  Name name = path_name("socket");
  Fd fd = local_socket(SOCK_STREAM);
  REQUIRE_OK(bind(fd, name.get(), sizeof(sockaddr_un)));
  CHECK(name_of(fd).length == name.length);
  Fd client = local_socket(SOCK_STREAM);
  REQUIRE_OK(listen(fd, 1));
  CHECK_OK(connect(client, name.get(), name.length));
}

TEST_CASE("unix: names are cut to the room for them, and their size is told") {
  Name name = abstract_name("cut");
  Fd fd = bound_local(SOCK_STREAM, name);
  Name seen;
  std::memset(seen.address.sun_path, 'x', sizeof seen.address.sun_path);
  seen.length = sizeof(sa_family_t) + 3;
  REQUIRE_OK(getsockname(fd, seen.get(), &seen.length));
  CHECK(seen.length == name.length);
  CHECK(std::memcmp(seen.address.sun_path, name.address.sun_path, 3) == 0);
  CHECK(seen.address.sun_path[3] == 'x');
  socklen_t negative = static_cast<socklen_t>(-1);
  CHECK_FAILS(getsockname(fd, seen.get(), &negative), EINVAL);
  socklen_t* volatile null = nullptr;
  CHECK_FAILS(getsockname(fd, seen.get(), null), EFAULT);
}

TEST_CASE("unix: abstract names are bytes of a given length") {
  Name name = abstract_name("with");
  std::memcpy(name.address.sun_path + name.length - sizeof(sa_family_t), "\0in", 3);
  name.length += 3;
  Fd fd = bound_local(SOCK_STREAM, name);
  CHECK(name_of(fd).text() == name.text());
  Fd other = local_socket(SOCK_STREAM);
  CHECK_FAILS(bind(other, name.get(), name.length), EADDRINUSE);
  CHECK_OK(bind(other, name.get(), name.length - 1));
}

TEST_CASE("unix: an abstract name makes no file and is free when its socket is closed") {
  Name name = abstract_name("free");
  Fd first = bound_local(SOCK_DGRAM, name);
  Fd second = local_socket(SOCK_DGRAM);
  CHECK_FAILS(bind(second, name.get(), name.length), EADDRINUSE);
  first.reset();
  CHECK_OK(bind(second, name.get(), name.length));
}

TEST_CASE("unix: abstract names are apart for each type") {
  Name name = abstract_name("types");
  Fd stream = local_listener(SOCK_STREAM, name);
  Fd datagram = bound_local(SOCK_DGRAM, name);
  Fd packets = local_socket(SOCK_SEQPACKET);
  CHECK_FAILS(connect(packets, name.get(), name.length), ECONNREFUSED);
  Fd client = local_socket(SOCK_DGRAM);
  CHECK_OK(connect(client, name.get(), name.length));
}

TEST_CASE("unix: autobind gives an abstract name of five digits") {
  Name family;
  family.address.sun_family = AF_UNIX;
  Fd a = local_socket(SOCK_DGRAM), b = local_socket(SOCK_DGRAM);
  REQUIRE_OK(bind(a, family.get(), sizeof(sa_family_t)));
  REQUIRE_OK(bind(b, family.get(), sizeof(sa_family_t)));
  Name one = name_of(a), two = name_of(b);
  CHECK(one.length == sizeof(sa_family_t) + 6);
  CHECK(one.address.sun_path[0] == '\0');
  CHECK(one.text().find_first_not_of("0123456789abcdef", 1) == std::string::npos);
  CHECK(one.text() != two.text());
  CHECK_OK(bind(a, family.get(), sizeof(sa_family_t)));
  CHECK(name_of(a).text() == one.text());
}

TEST_CASE("unix: connecting to nobody") {
  Fd fd = local_socket(SOCK_STREAM);
  Name abstract = abstract_name("nobody"), path = path_name("nobody");
  CHECK_FAILS(connect(fd, abstract.get(), abstract.length), ECONNREFUSED);
  CHECK_FAILS(connect(fd, path.get(), path.length), ENOENT);
  Fd file = open_scratch("nobody");
  CHECK_FAILS(connect(fd, path.get(), path.length), ECONNREFUSED);
}

TEST_CASE("unix: connecting to a path of another type gives EPROTOTYPE") {
  Name name = path_name("socket");
  Fd server = local_listener(SOCK_STREAM, name);
  Fd datagram = local_socket(SOCK_DGRAM), packets = local_socket(SOCK_SEQPACKET);
  CHECK_FAILS(connect(datagram, name.get(), name.length), EPROTOTYPE);
  CHECK_FAILS(connect(packets, name.get(), name.length), EPROTOTYPE);
  CHECK_FAILS(sendto(datagram, "x", 1, 0, name.get(), name.length), EPROTOTYPE);
}

TEST_CASE("unix: a path whose socket is gone refuses, and can be bound anew after unlink") {
  Name name = path_name("socket");
  Fd server = local_listener(SOCK_STREAM, name);
  server.reset();
  Fd client = local_socket(SOCK_STREAM);
  CHECK_FAILS(connect(client, name.get(), name.length), ECONNREFUSED);
  REQUIRE_OK(unlink(name.address.sun_path));
  server = local_listener(SOCK_STREAM, name);
  CHECK_OK(connect(client, name.get(), name.length));
}

TEST_CASE("unix: after unlink nobody finds the socket, and another can take the path") {
  Name name = path_name("socket");
  Fd old = local_listener(SOCK_STREAM, name);
  REQUIRE_OK(unlink(name.address.sun_path));
  Fd client = local_socket(SOCK_STREAM);
  CHECK_FAILS(connect(client, name.get(), name.length), ENOENT);
  Fd fresh = local_listener(SOCK_STREAM, name);
  REQUIRE_OK(connect(client, name.get(), name.length));
  CHECK(state_of(old) == 0);
  CHECK(state_of(fresh) == POLLIN);
}

TEST_CASE("unix: a renamed socket is found by its new path and keeps its name") {
  Name name = path_name("before"), moved = path_name("after");
  Fd server = local_listener(SOCK_STREAM, name);
  REQUIRE_OK(rename(name.address.sun_path, moved.address.sun_path));
  Fd client = local_socket(SOCK_STREAM);
  CHECK_FAILS(connect(client, name.get(), name.length), ENOENT);
  REQUIRE_OK(connect(client, moved.get(), moved.length));
  CHECK(peer_of(client).text() == name.text());
}

TEST_CASE("unix: another spelling of the path leads to the same socket") {
  Name name = path_name("socket"), other = path_name("./socket");
  Fd server = local_listener(SOCK_STREAM, name);
  Fd client = local_socket(SOCK_STREAM);
  CHECK_OK(connect(client, other.get(), other.length));
}

TEST_CASE("unix: SUN_LEN counts up to the NUL") {
  Name name("/a/b");
  CHECK(SUN_LEN(&name.address) == offsetof(sockaddr_un, sun_path) + 4);
  CHECK(sizeof name.address.sun_path == 108);
}

TEST_CASE("unix: a socket is found through symbolic links") {
  const std::string path = scratch("socket"), link = scratch("link"), far = scratch("far");
  const auto address_of = [](const std::string& name) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    REQUIRE(name.size() < sizeof address.sun_path);
    std::strcpy(address.sun_path, name.c_str());
    return address;
  };
  const auto with = [&](auto call, int fd, const std::string& name) {
    const sockaddr_un address = address_of(name);
    return call(fd, reinterpret_cast<const sockaddr*>(&address), static_cast<socklen_t>(sizeof address));
  };
  const Fd listener = local_socket(SOCK_STREAM);
  REQUIRE_OK(with(bind, listener, path));
  REQUIRE_OK(listen(listener, 5));
  REQUIRE_OK(symlink("socket", link.c_str()));
  REQUIRE_OK(symlink("link", far.c_str()));
  REQUIRE_OK(symlink("nowhere", scratch("dangling").c_str()));
  for (const std::string& name : {link, far}) {
    const Fd client = local_socket(SOCK_STREAM);
    CHECK_OK(with(connect, client, name));
  }
  const Fd client = local_socket(SOCK_STREAM), other = local_socket(SOCK_STREAM);
  CHECK_FAILS(with(connect, client, scratch("dangling")), ENOENT);
  CHECK_FAILS(with(bind, other, link), EADDRINUSE);
  REQUIRE_OK(mkdir(scratch("folder").c_str(), 0700));
  REQUIRE_OK(symlink("folder", scratch("way").c_str()));
  REQUIRE_OK(with(bind, other, scratch("way") + "/x"));
  REQUIRE_OK(listen(other, 1));
  CHECK_OK(with(connect, client, scratch("folder") + "/x"));
  struct stat direct, followed, itself;
  REQUIRE_OK(stat(path.c_str(), &direct));
  REQUIRE_OK(stat(far.c_str(), &followed));
  REQUIRE_OK(lstat(link.c_str(), &itself));
  CHECK(direct.st_ino == followed.st_ino);
  CHECK(itself.st_ino != direct.st_ino);
  CHECK(S_ISLNK(itself.st_mode));
}
