# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# What CMake is to know about WASI; releases before 4 lack such a file.
set(WASI 1)
set(UNIX 1) # the library makes POSIX programs feel at home, and they ask for this
set_property(GLOBAL PROPERTY TARGET_SUPPORTS_SHARED_LIBS FALSE)
set(CMAKE_STATIC_LIBRARY_PREFIX "lib")
set(CMAKE_STATIC_LIBRARY_SUFFIX ".a")
set(CMAKE_EXECUTABLE_SUFFIX ".wasm")
set(CMAKE_FIND_LIBRARY_PREFIXES "lib")
set(CMAKE_FIND_LIBRARY_SUFFIXES ".a")
set(CMAKE_DL_LIBS "")
# Where the sysroot (and our own headers, under CMAKE_FIND_ROOT_PATH) keep things.
list(APPEND CMAKE_SYSTEM_PREFIX_PATH "/")
list(APPEND CMAKE_SYSTEM_INCLUDE_PATH "/include/wasi-posix-sockets" "/include/${WASI_POSIX_TARGET}")
list(APPEND CMAKE_SYSTEM_LIBRARY_PATH "/lib/${WASI_POSIX_TARGET}")
if(WASI_POSIX_TARGET STREQUAL "wasm32-wasi") # an official wasi-sdk names it by its newer name
  list(APPEND CMAKE_SYSTEM_INCLUDE_PATH "/include/wasm32-wasip1")
  list(APPEND CMAKE_SYSTEM_LIBRARY_PATH "/lib/wasm32-wasip1")
endif()
