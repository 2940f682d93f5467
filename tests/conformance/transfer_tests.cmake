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
  set_target_properties(conformance-transfers PROPERTIES
    SUFFIX .wasm LINK_DEPENDS "$<TARGET_FILE:posix-sockets>")
  add_custom_command(TARGET conformance-transfers POST_BUILD VERBATIM
    COMMAND "${CONFORMANCE_PYTHON}" "${runner}" compile "$<TARGET_FILE:conformance-transfers>")
else()
  foreach(target IN ITEMS wasm32-wasi wasm32-wasip2)
    foreach(call IN ITEMS sendfile splice copy_file_range)
      set(name "${target}/${call} between all kinds of descriptors compared with Linux")
      add_test(NAME "${name}" COMMAND "${CONFORMANCE_PYTHON}" "${CMAKE_CURRENT_SOURCE_DIR}/operation_compare.py" ${target}
        "$<TARGET_FILE:conformance-transfers>"
        "${PROJECT_SOURCE_DIR}/build/${target}/tests/conformance/conformance-transfers.wasm" ${call})
      set_tests_properties("${name}" PROPERTIES TIMEOUT 60 LABELS ${target})
    endforeach()
  endforeach()
endif()
