# The library built natively over the scripted host, which stands at wit-bindings/host.h, and over the fake libc. Like the build over the
# fake host (tests/fake-host/sources.cmake, which comes first), with names.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
include("${PROJECT_SOURCE_DIR}/libc-shim/names/sources.cmake")
set(scripted_shim_sources ${CORE_SOURCES} ${SIGNAL_SOURCES} ${NAMES_SOURCES})
list(REMOVE_ITEM scripted_shim_sources ${HOST_SOURCES} libc-shim/api/netdb/h_errno.cpp)
list(FILTER scripted_shim_sources EXCLUDE REGEX "/api/paths.cpp$|/signals/(jump|unix).cpp$")
list(TRANSFORM scripted_shim_sources PREPEND "${PROJECT_SOURCE_DIR}/")
file(GLOB scripted_host_sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/tests/scripted-host/*.cpp")
list(
  APPEND scripted_host_sources
  "${PROJECT_SOURCE_DIR}/tests/fake-host/libc.cpp"
  "${PROJECT_SOURCE_DIR}/tests/fake-host/memory.cpp"
)

add_library(shim-scripted STATIC ${scripted_shim_sources})
get_target_property(shim_native_options shim-native COMPILE_OPTIONS)
target_compile_options(shim-scripted PRIVATE ${shim_native_options})
add_library(scripted-host STATIC ${scripted_host_sources})
target_compile_options(scripted-host PRIVATE -Wall -Wextra -O1 -g)
foreach(target IN ITEMS shim-scripted scripted-host)
  target_include_directories(
    ${target}
    PUBLIC
      "${PROJECT_SOURCE_DIR}/tests/scripted-host"
      "${PROJECT_SOURCE_DIR}/tests/fake-host"
      "${PROJECT_SOURCE_DIR}"
      "${PROJECT_SOURCE_DIR}/libc-shim"
  )
  target_compile_definitions(${target} PUBLIC _GNU_SOURCE)
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_compile_options(${target} PUBLIC ${sanitizers})
  target_link_options(${target} PUBLIC ${sanitizers})
endforeach()
# Each calls the other.
target_link_libraries(scripted-host PUBLIC shim-scripted)
target_link_libraries(shim-scripted PUBLIC scripted-host)
