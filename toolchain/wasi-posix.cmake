# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# CMake toolchain file:
#   cmake -S . -B build -DCMAKE_TOOLCHAIN_FILE=.../wasi-posix.cmake [-DWASI_POSIX_TARGET=wasm32-wasip2]
# Compilers are the drivers wasi-posix-cc and wasi-posix-c++; tests and try_run go through wasi-posix-run.

set(CMAKE_SYSTEM_NAME WASI)
set(CMAKE_SYSTEM_VERSION 1)
set(CMAKE_SYSTEM_PROCESSOR wasm32)
list(APPEND CMAKE_MODULE_PATH "${CMAKE_CURRENT_LIST_DIR}/cmake")

set(WASI_POSIX_TARGET wasm32-wasi CACHE STRING "wasm32-wasi or wasm32-wasip2")
if(WASI_POSIX_TARGET STREQUAL "wasm32-wasip1")
  set(WASI_POSIX_TARGET wasm32-wasi CACHE STRING "wasm32-wasi or wasm32-wasip2" FORCE)
endif()
if(NOT WASI_POSIX_TARGET MATCHES "^wasm32-wasi(p2)?$")
  message(FATAL_ERROR "WASI_POSIX_TARGET is '${WASI_POSIX_TARGET}'; it can be wasm32-wasi or wasm32-wasip2")
endif()
# try_compile runs this file again, in a cache of its own.
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES WASI_POSIX_TARGET)

# In the checkout this file is toolchain/wasi-posix.cmake; installed, share/wasi-posix-sockets/wasi-posix.cmake.
get_filename_component(_wasi_posix_bin "${CMAKE_CURRENT_LIST_DIR}/bin" ABSOLUTE)
if(EXISTS "${_wasi_posix_bin}/wasi-posix-cc")
  get_filename_component(_wasi_posix_sdk "${CMAKE_CURRENT_LIST_DIR}/../.toolchain/wasi-sdk" ABSOLUTE)
else()
  get_filename_component(_wasi_posix_bin "${CMAKE_CURRENT_LIST_DIR}/../../bin" ABSOLUTE)
  set(_wasi_posix_sdk "${CMAKE_CURRENT_LIST_DIR}/wasi-sdk")
endif()
if(NOT "$ENV{WASI_SDK_PATH}" STREQUAL "")
  set(_wasi_posix_sdk "$ENV{WASI_SDK_PATH}")
endif()
if(NOT EXISTS "${_wasi_posix_sdk}/bin/llvm-ar")
  message(FATAL_ERROR "no wasi-sdk in ${_wasi_posix_sdk}: run toolchain/setup, or set WASI_SDK_PATH")
endif()

# While this project itself is built there is no library yet that a check could link.
get_filename_component(_wasi_posix_root "${CMAKE_CURRENT_LIST_DIR}/.." ABSOLUTE)
if(CMAKE_SOURCE_DIR STREQUAL _wasi_posix_root)
  set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
endif()

foreach(_lang C CXX ASM)
  set(CMAKE_${_lang}_COMPILER "${_wasi_posix_bin}/wasi-posix-cc")
  set(CMAKE_${_lang}_COMPILER_TARGET ${WASI_POSIX_TARGET}) # becomes --target=
endforeach()
set(CMAKE_CXX_COMPILER "${_wasi_posix_bin}/wasi-posix-c++")
set(CMAKE_AR "${_wasi_posix_sdk}/bin/llvm-ar" CACHE FILEPATH "")
set(CMAKE_RANLIB "${_wasi_posix_sdk}/bin/llvm-ranlib" CACHE FILEPATH "")
set(CMAKE_NM "${_wasi_posix_sdk}/bin/llvm-nm" CACHE FILEPATH "")
set(CMAKE_STRIP "${_wasi_posix_bin}/wasi-posix-strip" CACHE FILEPATH "")
set(CMAKE_LINKER "${_wasi_posix_bin}/wasi-posix-ld" CACHE FILEPATH "")
foreach(_lang C CXX)
  set(CMAKE_${_lang}_COMPILER_AR "${CMAKE_AR}" CACHE FILEPATH "") # for link-time optimisation
  set(CMAKE_${_lang}_COMPILER_RANLIB "${CMAKE_RANLIB}" CACHE FILEPATH "")
endforeach()
set(CMAKE_CROSSCOMPILING_EMULATOR "${_wasi_posix_bin}/wasi-posix-run" CACHE FILEPATH "")

# Programs are the host's; headers, libraries and packages are only the target's.
set(CMAKE_SYSROOT "${_wasi_posix_sdk}/share/wasi-sysroot")
get_filename_component(_wasi_posix_prefix "${_wasi_posix_bin}/.." ABSOLUTE)
if(EXISTS "${_wasi_posix_prefix}/wasi-posix.cmake") # toolchain/ of the checkout
  get_filename_component(_wasi_posix_prefix "${_wasi_posix_prefix}/.." ABSOLUTE)
endif()
list(APPEND CMAKE_FIND_ROOT_PATH "${_wasi_posix_prefix}")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
