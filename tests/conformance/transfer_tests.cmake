# Every call that moves bytes between two descriptors, tried between all kinds: the guests' results compared with the kernel's.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
add_executable(conformance-transfers transfers/transcript.cpp support/errno_name.cpp)
target_include_directories(conformance-transfers PRIVATE support)
target_compile_definitions(conformance-transfers PRIVATE _GNU_SOURCE)
target_compile_features(conformance-transfers PRIVATE cxx_std_20)
target_compile_options(conformance-transfers PRIVATE -Wall -Wextra)

if(CMAKE_CROSSCOMPILING)
  target_compile_options(conformance-transfers PRIVATE -fno-exceptions)
  add_dependencies(conformance-transfers posix-sockets)
  set_target_properties(conformance-transfers PROPERTIES SUFFIX .wasm LINK_DEPENDS "$<TARGET_FILE:posix-sockets>")
else()
  compile_for_guests(conformance-transfers)
  foreach(call IN ITEMS sendfile splice copy_file_range)
    compare_with_linux(
      conformance-transfers
      operation_compare.py
      "${call} between all kinds of descriptors compared with Linux"
      ${call}
    )
  endforeach()
endif()
