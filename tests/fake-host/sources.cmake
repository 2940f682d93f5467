# The library built natively over the fake host, with the sanitizers: every warning of theirs ends the program.
# Paths are relative to the project's top folder.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
include("${PROJECT_SOURCE_DIR}/libc-shim/sources.cmake")
set(shim_sources ${CORE_SOURCES})
# The ways of wasi-libc to a path, which the fake libc doesn't have.
list(FILTER shim_sources EXCLUDE REGEX "/api/paths.cpp$")
file(GLOB host_sources CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}" "${PROJECT_SOURCE_DIR}/tests/fake-host/*.cpp")
# jump.cpp and unix.cpp have what the system's libc has, too.
list(FILTER SIGNAL_SOURCES EXCLUDE REGEX "/signals/(jump|unix).cpp$")
list(APPEND shim_sources ${SIGNAL_SOURCES})
list(TRANSFORM shim_sources PREPEND "${PROJECT_SOURCE_DIR}/")
list(TRANSFORM host_sources PREPEND "${PROJECT_SOURCE_DIR}/")

set(sanitizers -fsanitize=address,undefined -fno-sanitize=vptr -fno-sanitize-recover=all -fno-omit-frame-pointer)
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
  # Handlers are called with all three arguments, as the kernel does; the guest alone can ask what type they have.
  list(APPEND sanitizers -fno-sanitize=function)
endif()

add_library(shim-native STATIC ${shim_sources})
# Behind the system's own headers: <sys/event.h>, which Linux lacks.
target_compile_options(
  shim-native
  PRIVATE
    "SHELL:-idirafter \"${PROJECT_SOURCE_DIR}/include\""
    -fno-rtti
    -Wall
    -Wextra
    -Wno-type-limits
    -O1
    -g
    -include
    "${PROJECT_SOURCE_DIR}/tests/fake-host/guest_libc.h"
)

# Linux's headers say that some pointers are never null.
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  target_compile_options(shim-native PRIVATE -Wno-nonnull-compare)
else()
  target_compile_options(shim-native PRIVATE -Wno-tautological-pointer-compare)
endif()

add_library(fake-host STATIC ${host_sources})
target_compile_options(fake-host PRIVATE -Wall -Wextra -O1 -g)
target_include_directories(fake-host PUBLIC "${PROJECT_SOURCE_DIR}/tests/fake-host")

foreach(target IN ITEMS shim-native fake-host)
  target_include_directories(${target} PUBLIC "${PROJECT_SOURCE_DIR}" "${PROJECT_SOURCE_DIR}/libc-shim" "${HOST_FOLDER}")
  target_compile_definitions(${target} PUBLIC _GNU_SOURCE)
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_compile_options(${target} PUBLIC ${sanitizers})
  target_link_options(${target} PUBLIC ${sanitizers})
endforeach()
# Each calls the other.
target_link_libraries(fake-host PUBLIC shim-native)
target_link_libraries(shim-native PUBLIC fake-host)
