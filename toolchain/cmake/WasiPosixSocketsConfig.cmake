# find_package(WasiPosixSockets) of an installed prefix: the target WasiPosixSockets::posix-sockets.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Programs that are compiled with wasi-posix-cc need no more than that. With another toolchain for WASI the target brings
# what the driver adds: the headers, the wrapped names, wasi-libc's emulation libraries.
get_filename_component(_wasi_posix_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)

set(_wasi_posix_target wasm32-wasi)
if("${WASI_POSIX_TARGET};${CMAKE_C_COMPILER_TARGET};${CMAKE_CXX_COMPILER_TARGET}" MATCHES "wasip2")
  set(_wasi_posix_target wasm32-wasip2)
endif()
set(_wasi_posix_library "${_wasi_posix_prefix}/lib/${_wasi_posix_target}/libposix-sockets.a")
if(NOT EXISTS "${_wasi_posix_library}")
  set(WasiPosixSockets_FOUND FALSE)
  set(WasiPosixSockets_NOT_FOUND_MESSAGE "${_wasi_posix_library} is missing")
  return()
endif()

if(NOT TARGET WasiPosixSockets::posix-sockets)
  add_library(WasiPosixSockets::posix-sockets STATIC IMPORTED)
  set_target_properties(
    WasiPosixSockets::posix-sockets
    PROPERTIES
      IMPORTED_LOCATION "${_wasi_posix_library}"
      INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${_wasi_posix_prefix}/include/wasi-posix-sockets"
      INTERFACE_INCLUDE_DIRECTORIES "${_wasi_posix_prefix}/include/wasi-posix-sockets"
      INTERFACE_COMPILE_DEFINITIONS
        "_WASI_EMULATED_SIGNAL;_WASI_EMULATED_GETPID;_WASI_EMULATED_MMAN;_WASI_EMULATED_PROCESS_CLOCKS"
      INTERFACE_LINK_OPTIONS "@${_wasi_posix_prefix}/share/wasi-posix-sockets/wrap.rsp"
      INTERFACE_LINK_LIBRARIES "wasi-emulated-signal;wasi-emulated-getpid;wasi-emulated-mman;wasi-emulated-process-clocks"
  )
endif()
