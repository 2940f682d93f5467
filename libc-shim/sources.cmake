# The rooms of the library that every build has: api, fd, what a description can be, wait, and the host below them. Names, signals
# and compat are listed by themselves, as a native build takes only part of them. Paths are relative to the project's top folder.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
set(CORE_SOURCES)
foreach(
  room
  IN
  ITEMS api fd description tcp udp unix pipe event file watch options wait support
)
  file(GLOB room_sources CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}" "${PROJECT_SOURCE_DIR}/libc-shim/${room}/*.cpp")
  list(APPEND CORE_SOURCES ${room_sources})
endforeach()

# The host that wit-bindings/host.h stands for: a folder for each version of WASI. Its host_parts.h is found by the include path.
set(WASI_POSIX_HOST 0.2 CACHE STRING "The version of WASI below the library: a folder of wit-bindings/")
set(HOST_FOLDER "${PROJECT_SOURCE_DIR}/wit-bindings/${WASI_POSIX_HOST}")
file(GLOB HOST_SOURCES CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}" "${HOST_FOLDER}/*.cpp")
list(APPEND CORE_SOURCES ${HOST_SOURCES})

# A program's own signals and alarms.
file(GLOB SIGNAL_SOURCES CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}" "${PROJECT_SOURCE_DIR}/libc-shim/signals/*.cpp")
