// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which errors each call of wit-bindings/host.h may give.
#include <cerrno>

#include "world.h"

namespace scripted {
namespace {

using Status = posix_sockets::host::Lookup::Status;

#define ERROR(name) {name, #name}
constexpr int the_end = -1;

const std::vector<Fault> create = {ERROR(EAFNOSUPPORT), ERROR(EACCES), ERROR(EMFILE), ERROR(ENOMEM)};
const std::vector<Fault> address = {ERROR(EINVAL)};
const std::vector<Fault> option = {ERROR(EINVAL), ERROR(EOPNOTSUPP)};
const std::vector<Fault> datagram_option = {ERROR(EINVAL), ERROR(ENOPROTOOPT)};
// A write takes what room() has told.
const std::vector<Fault> write = {
    {the_end, "the end"}, ERROR(ECONNRESET), ERROR(EPIPE), ERROR(ETIMEDOUT), ERROR(EHOSTUNREACH)};
const std::vector<Fault> stream = {{EAGAIN, "not now"}, {the_end, "the end"}, ERROR(ECONNRESET),
                                   ERROR(EPIPE),        ERROR(ETIMEDOUT),     ERROR(EHOSTUNREACH)};

struct Row {
  const char* name;
  std::vector<Fault> faults;
};

const std::vector<Row>& rows() {
  static const std::vector<Row> all = {
      {"TcpSocket::create", create},
      {"TcpSocket::bind", {ERROR(EAGAIN), ERROR(EADDRINUSE), ERROR(EADDRNOTAVAIL), ERROR(EACCES), ERROR(EAFNOSUPPORT)}},
      {"TcpSocket::local_address", address},
      {"TcpSocket::option", option},
      {"TcpSocket::set_option", option},
      {"TcpSocket::connect",
       {ERROR(EADDRINUSE), ERROR(EADDRNOTAVAIL), ERROR(EINVAL), ERROR(EHOSTUNREACH), ERROR(EACCES)}},
      {"TcpSocket::listen", {ERROR(EAGAIN), ERROR(EADDRINUSE), ERROR(EINVAL)}},
      {"Connecting::finish",
       {ERROR(EAGAIN), ERROR(ECONNREFUSED), ERROR(ETIMEDOUT), ERROR(EHOSTUNREACH), ERROR(ECONNRESET)}},
      {"Connecting::local_address", address},
      {"Connection::read", stream},
      {"Connection::room", stream},
      {"Connection::write", write},
      {"Connection::local_address", {ERROR(ENOTCONN)}},
      {"Connection::remote_address", {ERROR(ENOTCONN)}},
      {"Connection::option", option},
      {"Connection::set_option", option},
      {"Listener::accept", {ERROR(EAGAIN), ERROR(ECONNABORTED), ERROR(ECONNRESET), ERROR(EMFILE), ERROR(ENOMEM)}},
      {"Listener::local_address", address},
      {"Listener::option", option},
      {"Listener::set_option", option},
      {"DatagramSocket::create", create},
      {"DatagramSocket::bind", {ERROR(EADDRINUSE), ERROR(EADDRNOTAVAIL), ERROR(EACCES), ERROR(EAFNOSUPPORT)}},
      {"DatagramSocket::connect to nobody", {ERROR(EINVAL)}},
      {"DatagramSocket::connect", {ERROR(ENETUNREACH), ERROR(EADDRNOTAVAIL)}},
      {"DatagramSocket::local_address", address},
      {"DatagramSocket::option", datagram_option},
      {"DatagramSocket::set_option", datagram_option},
      {"DatagramSocket::receive", {ERROR(EAGAIN), ERROR(ECONNREFUSED), ERROR(EHOSTUNREACH)}},
      {"DatagramSocket::look_closer", {ERROR(ECONNREFUSED)}},
      {"DatagramSocket::send", {ERROR(EAGAIN), ERROR(ENETUNREACH), ERROR(ECONNREFUSED), ERROR(EMSGSIZE)}},
      {"DatagramSocket::room", {ERROR(EAGAIN), ERROR(ECONNREFUSED)}},
      {"Lookup::start",
       {{static_cast<int>(Status::no_such_name), "no such name"},
        {static_cast<int>(Status::try_again), "try again"},
        {static_cast<int>(Status::failed), "failed"},
        {static_cast<int>(Status::out_of_memory), "out of memory"},
        {static_cast<int>(Status::refused), "refused"}}},
      {"Lookup::next",
       {{static_cast<int>(Status::pending), "pending"},
        {static_cast<int>(Status::finished), "finished"},
        {static_cast<int>(Status::no_such_name), "no such name"},
        {static_cast<int>(Status::try_again), "try again"},
        {static_cast<int>(Status::failed), "failed"},
        {static_cast<int>(Status::out_of_memory), "out of memory"},
        {static_cast<int>(Status::refused), "refused"}}},
      {"StandardInput::read", {{EAGAIN, "not now"}, {the_end, "the end"}, ERROR(EIO)}},
  };
  return all;
}

#undef ERROR

}  // namespace

const char* name_of(Call call) { return rows()[static_cast<size_t>(call)].name; }
const std::vector<Fault>& faults_of(Call call) { return rows()[static_cast<size_t>(call)].faults; }

}  // namespace scripted
