// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What an entry point has of a number for as long as it runs.
#pragma once

#include "description/hold.h"
#include "description/socket.h"

namespace posix_sockets::fd {

// The description that a number stands for; null: none.
class Held : public Hold {
 public:
  Held(Description* description, int number) : Hold(description), number_(number) {}

  // Whether the number still stands for the same. A call that a handler interrupted and that goes on begins anew on Linux, with
  // what the number stands for then.
  bool is_current() const;

 private:
  const int number_;
};

// A description of ours or a number of libc's. Neither: a bad descriptor, and libc's functions say EBADF to its number, -1.
struct Target : Held {
  Target(Description* description, int number, int libc_number) : Held(description, number), libc(libc_number) {}

  // `ours` serves the call itself; it's null for files.
  const int libc;  // -1 if it's not libc's
};

// A socket, or why there is none.
class HeldSocket : public Held {
 public:
  HeldSocket(Socket* socket, int number, Errno error) : Held(socket, number), error_(error) {}

  bool ok() const { return error_.ok(); }
  Errno error() const { return error_; }
  Socket* value() const { return static_cast<Socket*>(ours); }

 private:
  const Errno error_;
};

}  // namespace posix_sockets::fd
