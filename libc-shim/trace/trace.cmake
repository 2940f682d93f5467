# libposix-sockets-trace.a: the library, with its entry points under other names, and in their place functions that show each
# call. Linked before libposix-sockets.a, with the flags of posix-sockets-trace.rsp beside it; libposix-sockets.a itself
# knows nothing of it.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
set(trace "${PROJECT_SOURCE_DIR}/libc-shim/trace")
set(trace_generated "${PROJECT_BINARY_DIR}/trace")
set_property(
  DIRECTORY
  APPEND
  PROPERTY
    CMAKE_CONFIGURE_DEPENDS
      "${trace}/calls.def"
      "${trace}/host_calls.def"
      "${PROJECT_SOURCE_DIR}/toolchain/wrap.rsp"
      "${PROJECT_SOURCE_DIR}/libc-shim/options/refused.list"
)

# Entry points: those that wrap.rsp redirects are renamed, the others wrapped (see below.h).
file(STRINGS "${PROJECT_SOURCE_DIR}/toolchain/wrap.rsp" wrapped)
file(STRINGS "${trace}/calls.def" calls REGEX "^CALL\\(")
set(renames "")
set(below "")
set(flags "")
foreach(call IN LISTS calls)
  string(REGEX REPLACE "^CALL\\((.*)\\)$" "\\1" name "${call}")
  if("-Wl,--wrap=${name}" IN_LIST wrapped)
    string(APPEND renames "#define __wrap_${name} wps_untraced_${name}\n")
  else()
    string(APPEND below "#define wps_untraced_${name} __real_${name}\n")
    string(APPEND flags "-Wl,--wrap=${name}\n")
  endif()
endforeach()
file(STRINGS "${trace}/host_calls.def" imports REGEX "^[A-Z]+\\(")
foreach(import IN LISTS imports)
  string(REGEX REPLACE "^[A-Z]+\\(([a-z_0-9]+).*$" "\\1" name "${import}")
  string(APPEND flags "-Wl,--wrap=wps_${name}\n")
endforeach()

# The refused options by name: lines of "LEVEL NAME...".
file(STRINGS "${PROJECT_SOURCE_DIR}/libc-shim/options/refused.list" lines REGEX "^(SOL|IPPROTO)_")
set(refused "")
foreach(line IN LISTS lines)
  string(REPLACE " " ";" words "${line}")
  list(POP_FRONT words level)
  foreach(name IN LISTS words)
    string(APPEND refused "#ifdef ${name}\nREFUSED(${level}, ${name})\n#endif\n")
  endforeach()
endforeach()

file(CONFIGURE OUTPUT "${trace_generated}/trace-renames.h" CONTENT "${renames}" @ONLY)
file(CONFIGURE OUTPUT "${trace_generated}/trace-below.inc" CONTENT "${below}" @ONLY)
file(CONFIGURE OUTPUT "${trace_generated}/trace-refused.inc" CONTENT "${refused}" @ONLY)
file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/lib/posix-sockets-trace.rsp" CONTENT "${flags}" @ONLY)

file(GLOB traced_sources CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}" libc-shim/api/*.cpp)
list(FILTER traced_sources EXCLUDE REGEX "/socket_of_kind\\.cpp$") # connection.cpp shows these as socket()
add_library(posix-sockets-untraced OBJECT ${traced_sources} ${NAMES_SOURCES})
target_compile_options(posix-sockets-untraced PRIVATE -include "${trace_generated}/trace-renames.h")

# All other objects of the library are in it, too: the two archives need not be of the same build.
file(GLOB trace_sources CONFIGURE_DEPENDS "${trace}/*.cpp")
add_library(
  posix-sockets-trace
  STATIC
  ${trace_sources}
  $<TARGET_OBJECTS:posix-sockets-untraced>
  $<FILTER:$<TARGET_OBJECTS:posix-sockets>,EXCLUDE,/libc-shim/\(api|names\)/>
)
target_include_directories(posix-sockets-trace PRIVATE "${trace_generated}")
set_target_properties(posix-sockets-trace PROPERTIES ARCHIVE_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/lib")

foreach(target IN ITEMS posix-sockets-untraced posix-sockets-trace)
  set_target_properties(
    ${target}
    PROPERTIES CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF
  )
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}" libc-shim "${HOST_FOLDER}")
  target_compile_options(
    ${target}
    PRIVATE -Os -fno-exceptions -fno-rtti -fno-threadsafe-statics -Wall -Wextra -Werror -Wglobal-constructors
  )
endforeach()
