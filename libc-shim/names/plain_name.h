// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The second name of an entry point.
#pragma once

// The linker looks for a plain name before --wrap redirects it, so without one here it would take libc's netdb into the
// link, only to drop it again. And it's how a program gets at functions that wrap.rsp doesn't name. Weak, as old
// programs bring a getaddrinfo or herror of their own. Natively, for tests, the names are the native libc's.
#if defined(__wasm__)
// By way of macros, as __wrap_NAME is one where the trace renames it.
#define PLAIN_NAME_STRING(text) #text
#define PLAIN_NAME_OF(name, wrap) extern "C" __attribute__((weak, alias(PLAIN_NAME_STRING(wrap)))) decltype(wrap) name;
#define PLAIN_NAME(name) PLAIN_NAME_OF(name, __wrap_##name)
#else
#define PLAIN_NAME(name)
#endif
