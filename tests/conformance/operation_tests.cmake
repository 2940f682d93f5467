# The matrix of operations and states: one walk in each build, the guests' compared with the kernel's.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
add_executable(conformance-operations operations/transcript.cpp operations/states.cpp
  operations/states_reset.cpp operations/receiving.cpp operations/sending.cpp operations/connecting.cpp operations/ending.cpp operations/asking.cpp support/errno_name.cpp)
target_include_directories(conformance-operations PRIVATE support)
target_compile_definitions(conformance-operations PRIVATE _GNU_SOURCE)
target_compile_features(conformance-operations PRIVATE cxx_std_20)
target_compile_options(conformance-operations PRIVATE -Wall -Wextra)

if(CMAKE_CROSSCOMPILING)
  target_compile_options(conformance-operations PRIVATE -fno-exceptions)
  add_dependencies(conformance-operations posix-sockets)
  set_target_properties(conformance-operations PROPERTIES
    SUFFIX .wasm LINK_DEPENDS "$<TARGET_FILE:posix-sockets>")
  add_custom_command(TARGET conformance-operations POST_BUILD VERBATIM
    COMMAND "${CONFORMANCE_PYTHON}" "${runner}" compile "$<TARGET_FILE:conformance-operations>")
else()
  foreach(target IN ITEMS wasm32-wasi wasm32-wasip2)
    foreach(kind IN ITEMS tcp4 tcp6 udp4 udp6 rst4 rst6 gon4 gon6)
      set(name "${target}/every operation in every state of ${kind} compared with Linux")
      add_test(NAME "${name}" COMMAND "${CONFORMANCE_PYTHON}" "${CMAKE_CURRENT_SOURCE_DIR}/operation_compare.py" ${target}
        "$<TARGET_FILE:conformance-operations>"
        "${PROJECT_SOURCE_DIR}/build/${target}/tests/conformance/conformance-operations.wasm" ${kind})
      set_tests_properties("${name}" PROPERTIES TIMEOUT 45 LABELS ${target})
    endforeach()
  endforeach()
endif()
