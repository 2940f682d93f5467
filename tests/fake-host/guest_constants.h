// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Names that a guest's headers have and Linux's lack. Second names are what they are in include/; the others have numbers
// that Linux uses for nothing.
#pragma once

#define SO_LISTENQLIMIT 1011
#define SO_NOSIGPIPE 1012
#define SO_PROTOTYPE SO_PROTOCOL
#define TCP_NOPUSH TCP_CORK
#define TCP_KEEPALIVE TCP_KEEPIDLE
