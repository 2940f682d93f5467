# Random walks: each build prints what its calls did, and the guests must print what the kernel's build does. Each run takes
# fresh seeds; one that shows a difference is printed.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
foreach(walk IN ITEMS descriptors signals sockets)
  set(program conformance-random-${walk})
  add_executable(${program} random/${walk}.cpp support/errno_name.cpp)
  target_include_directories(${program} PRIVATE support)
  target_compile_definitions(${program} PRIVATE _GNU_SOURCE)
  target_compile_features(${program} PRIVATE cxx_std_20)
  target_compile_options(${program} PRIVATE -Wall -Wextra)

  if(CMAKE_CROSSCOMPILING)
    target_compile_options(${program} PRIVATE -fno-exceptions)
    add_dependencies(${program} posix-sockets)
    set_target_properties(${program} PROPERTIES SUFFIX .wasm LINK_DEPENDS "$<TARGET_FILE:posix-sockets>")
  else()
    compile_for_guests(${program})
    compare_with_linux(${program} random_compare.py "random ${walk}: 100 fresh seeds compared with Linux" fresh:100)
  endif()
endforeach()
