// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Names that a guest's headers have and Linux's lack. Second names are what they are in include/; the others have
// numbers that Linux uses for nothing.
#pragma once

#include <sys/socket.h>

#define SO_LISTENQLIMIT 1011
#define SO_NOSIGPIPE 1012
#define SO_PROTOTYPE SO_PROTOCOL
#define TCP_NOPUSH TCP_CORK
#define TCP_KEEPALIVE TCP_KEEPIDLE

// A guest's differ from the old ones, which the library knows, too.
#undef SO_RCVTIMEO
#undef SO_SNDTIMEO
#define SO_RCVTIMEO 66
#define SO_SNDTIMEO 67
