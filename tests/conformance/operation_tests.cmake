# The matrix of operations and states: one walk in each build, the guests' compared with the kernel's.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
add_executable(
  conformance-operations
  operations/transcript.cpp
  operations/states.cpp
  operations/states_reset.cpp
  operations/receiving.cpp
  operations/sending.cpp
  operations/connecting.cpp
  operations/ending.cpp
  operations/asking.cpp
  support/errno_name.cpp
)
target_include_directories(conformance-operations PRIVATE support)
target_compile_definitions(conformance-operations PRIVATE _GNU_SOURCE)
target_compile_features(conformance-operations PRIVATE cxx_std_20)
target_compile_options(conformance-operations PRIVATE -Wall -Wextra)

if(CMAKE_CROSSCOMPILING)
  target_compile_options(conformance-operations PRIVATE -fno-exceptions)
  add_dependencies(conformance-operations posix-sockets)
  set_target_properties(conformance-operations PROPERTIES SUFFIX .wasm LINK_DEPENDS "$<TARGET_FILE:posix-sockets>")
else()
  compile_for_guests(conformance-operations)
  foreach(
    kind
    IN
    ITEMS tcp4 tcp6 udp4 udp6 rst4 rst6 gon4 gon6
  )
    compare_with_linux(
      conformance-operations
      operation_compare.py
      "every operation in every state of ${kind} compared with Linux"
      ${kind}
    )
  endforeach()
endif()
