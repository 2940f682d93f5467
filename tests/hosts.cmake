# The hosts that guests are tested under (conformance/support/hosts.py), and tests that run a program in each guest.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
set(hosts_py "${PROJECT_SOURCE_DIR}/tests/conformance/support/hosts.py")
find_program(CONFORMANCE_PYTHON NAMES python3 python PATHS "${PROJECT_SOURCE_DIR}/.toolchain/venv/bin" NO_DEFAULT_PATH)
if(NOT CONFORMANCE_PYTHON)
  message(FATAL_ERROR ".toolchain/venv is missing: run toolchain/setup first")
endif()
execute_process(COMMAND "${CONFORMANCE_PYTHON}" -B "${hosts_py}" --list OUTPUT_VARIABLE TEST_HOSTS COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "[^\n]+" TEST_HOSTS "${TEST_HOSTS}")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${hosts_py}" "${PROJECT_SOURCE_DIR}/.toolchain/stamp")

# Every target under every host, as TARGET@HOST.
set(TEST_GUESTS)
foreach(host IN LISTS TEST_HOSTS)
  # What WASI_POSIX_RUNTIME makes wasi-posix-run take it.
  execute_process(
    COMMAND "${CONFORMANCE_PYTHON}" -B "${hosts_py}" --runtime ${host}
    OUTPUT_VARIABLE RUNTIME_OF_${host}
    OUTPUT_STRIP_TRAILING_WHITESPACE
    COMMAND_ERROR_IS_FATAL ANY
  )
  list(APPEND TEST_GUESTS "wasm32-wasi@${host}" "wasm32-wasip2@${host}")
endforeach()

# compile_for_guests(PROGRAM): tests that turn a program of the wasm builds into machine code, once for each host. Those
# that run it are given FIXTURES_REQUIRED "GUEST/PROGRAM", so that ctest has it compiled first.
function(compile_for_guests program)
  foreach(guest IN LISTS TEST_GUESTS)
    string(REGEX MATCH "^(.*)@(.*)$" unused "${guest}")
    set(name "${guest}/compile ${program}")
    add_test(
      NAME "${name}"
      COMMAND
        "${CONFORMANCE_PYTHON}" "${PROJECT_SOURCE_DIR}/tests/conformance/run-case.py" "${guest}"
        "${PROJECT_SOURCE_DIR}/build/${CMAKE_MATCH_1}/tests/conformance/${program}.wasm" --compile
    )
    set_tests_properties(
      "${name}"
      PROPERTIES TIMEOUT 300 FIXTURES_SETUP "${guest}/${program}" LABELS "${CMAKE_MATCH_1};${CMAKE_MATCH_2}"
    )
  endforeach()
endfunction()

# compare_with_linux(PROGRAM SCRIPT NAME KIND): in each guest a test that lets SCRIPT compare what the program prints there
# and natively, for KIND.
function(compare_with_linux program script name kind)
  foreach(guest IN LISTS TEST_GUESTS)
    string(REGEX MATCH "^(.*)@(.*)$" unused "${guest}")
    add_test(
      NAME "${guest}/${name}"
      COMMAND
        "${CONFORMANCE_PYTHON}" "${CMAKE_CURRENT_SOURCE_DIR}/${script}" "${guest}" "$<TARGET_FILE:${program}>"
        "${PROJECT_SOURCE_DIR}/build/${CMAKE_MATCH_1}/tests/conformance/${program}.wasm" "${kind}"
    )
    # These are long, and the older host is slow.
    set_tests_properties(
      "${guest}/${name}"
      PROPERTIES
        TIMEOUT 180
        FIXTURES_REQUIRED "${guest}/${program}"
        ENVIRONMENT CONFORMANCE_SECONDS=80
        LABELS "${CMAKE_MATCH_1};${CMAKE_MATCH_2}"
    )
  endforeach()
endfunction()
