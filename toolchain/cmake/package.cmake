# CPack's configuration: what toolchain/install makes, as a .tar.gz that can be unpacked anywhere, and as a .deb.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# toolchain/package calls cpack with it; by hand: cpack --config toolchain/cmake/package.cmake -G TGZ -B build/package
# WASI_POSIX_STAGE in the environment: a folder for what is packed, not yet there (build/package/stage)
if(DEFINED CPACK_PROJECT_CONFIG_FILE) # for each generator again
  include("${CMAKE_CURRENT_LIST_DIR}/package_layout.cmake")
  return()
endif()
set(CPACK_PROJECT_CONFIG_FILE "${CMAKE_CURRENT_LIST_FILE}")
get_filename_component(root "${CMAKE_CURRENT_LIST_DIR}/../.." ABSOLUTE)
file(STRINGS "${root}/VERSION" CPACK_PACKAGE_VERSION)

set(CPACK_PACKAGE_NAME wasi-posix-sockets)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "POSIX sockets for WebAssembly guests: library, compiler driver, runner")
set(
  CPACK_PACKAGE_DESCRIPTION
  "Compiles unmodified C and C++ network programs for wasm32-wasi and wasm32-wasip2, and runs them under a WASI 0.2 runtime."
)
set(CPACK_PACKAGE_VENDOR "wasi-posix-sockets")
set(CPACK_PACKAGE_CONTACT "The authors of wasi-posix-sockets <nobody@example.invalid>")
set(CPACK_RESOURCE_FILE_LICENSE "${root}/LICENSE")

# wasm-tools is the machine's; all else runs anywhere.
cmake_host_system_information(RESULT machine QUERY OS_PLATFORM)
string(TOLOWER "${machine}" machine)
set(CPACK_PACKAGE_FILE_NAME "wasi-posix-sockets-${CPACK_PACKAGE_VERSION}-linux-${machine}")

set(CPACK_STAGE "$ENV{WASI_POSIX_STAGE}")
if(CPACK_STAGE STREQUAL "")
  set(CPACK_STAGE "${root}/build/package/stage")
endif()
file(REMOVE_RECURSE "${CPACK_STAGE}")
execute_process(COMMAND "${root}/toolchain/install" --no-runtime "${CPACK_STAGE}/tree" OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
set(CPACK_INSTALL_COMMANDS "")
set(CPACK_STRIP_FILES OFF)
set(CPACK_TGZ_COMPONENT_INSTALL OFF)
