# The matrix of socket options: one walk over all of them in each build, the guests' compared with the kernel's.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
set(options "${PROJECT_SOURCE_DIR}/libc-shim/options")
set(option_list "${CMAKE_CURRENT_BINARY_DIR}/options/option_list.inc")
file(MAKE_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/options")
add_custom_command(
  OUTPUT "${option_list}"
  VERBATIM
  DEPENDS option_list.py "${options}/options.def" "${options}/defaults.def" "${options}/refused.list" "${options}/table.py"
  COMMAND "${CONFORMANCE_PYTHON}" "${CMAKE_CURRENT_SOURCE_DIR}/option_list.py" "${option_list}"
)
add_executable(conformance-options option_transcript.cpp option_calls.cpp option_states.cpp "${option_list}")
target_include_directories(conformance-options PRIVATE "${CMAKE_CURRENT_BINARY_DIR}/options")
target_compile_definitions(conformance-options PRIVATE _GNU_SOURCE)
target_compile_features(conformance-options PRIVATE cxx_std_20)
target_compile_options(conformance-options PRIVATE -Wall -Wextra)

if(CMAKE_CROSSCOMPILING)
  add_dependencies(conformance-options posix-sockets)
  set_target_properties(conformance-options PROPERTIES SUFFIX .wasm LINK_DEPENDS "$<TARGET_FILE:posix-sockets>")
else()
  compile_for_guests(conformance-options)
  foreach(
    kind
    IN
    ITEMS tcp4 tcp6 udp4 udp6 unix-stream unix-datagram unix-packets
  )
    compare_with_linux(conformance-options option_compare.py "every option of ${kind} compared with Linux" ${kind})
  endforeach()
  add_test(NAME "docs: options.md is current" COMMAND "${CONFORMANCE_PYTHON}" "${PROJECT_SOURCE_DIR}/docs/options.py" --check)
  set_tests_properties("docs: options.md is current" PROPERTIES LABELS linux)
endif()
