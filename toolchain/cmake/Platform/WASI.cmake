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
