// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Numeric host addresses: text to SocketAddress and back, with scope ids.
#pragma once

#include <net/if.h>
#include <stddef.h>

#include "support/address.h"

namespace posix_sockets {

// The value of a hexadecimal digit; 16: it's none.
int digit_value(char c);

// Reads an IPv4 address in all the forms of inet_aton into 4 bytes, and gives what follows it in the text; null: none. Exact:
// wasi-libc's inet_aton lets numbers overflow.
const char* parse_ipv4(const char* text, uint8_t* bytes);

enum class Numeric { address, bad_scope, not_numeric };

// Reads an IPv4 address in all the forms of inet_aton ("127.1", "0x7f000001"), with nothing before or behind it, or an
// IPv6 address with or without "%scope", where the scope is a number, or an interface's name if the address is
// link-local.
Numeric parse_numeric(const char* text, SocketAddress& address);

// Room for every numeric address with the NUL: the IPv6 text, '%', and an interface's name or a number.
constexpr size_t numeric_size = 46 + 1 + (IF_NAMESIZE > 10 ? IF_NAMESIZE : 10);

// Writes the address and its scope id, if it has one; as a number always if `numeric_scope`.
void format_numeric(const SocketAddress& address, bool numeric_scope, char (&text)[numeric_size]);

// Writes a number without sign in decimal, NUL-terminated; the end of it.
char* format_decimal(uint32_t value, char* text);

// ::ffff:a.b.c.d of an IPv4 address, and back.
SocketAddress to_mapped(const SocketAddress& ipv4);
SocketAddress from_mapped(const SocketAddress& ipv6);

}  // namespace posix_sockets
