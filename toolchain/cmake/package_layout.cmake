# Where things are in each kind of package; toolchain/cmake/package.cmake includes it.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
if(CPACK_GENERATOR STREQUAL "DEB")
  # A tree of its own, so that nothing meets Debian's own wasi-libc in /usr/lib/wasm32-wasi; and links to the commands.
  set(CPACK_PACKAGING_INSTALL_PREFIX /)
  file(MAKE_DIRECTORY "${CPACK_STAGE}/links/bin" "${CPACK_STAGE}/links/share/doc")
  file(GLOB commands RELATIVE "${CPACK_STAGE}/tree/bin" "${CPACK_STAGE}/tree/bin/*")
  foreach(command IN LISTS commands)
    file(CREATE_LINK "../lib/wasi-posix-sockets/bin/${command}" "${CPACK_STAGE}/links/bin/${command}" SYMBOLIC)
  endforeach()
  file(RENAME "${CPACK_STAGE}/tree/share/doc/wasi-posix-sockets" "${CPACK_STAGE}/links/share/doc/wasi-posix-sockets")
  configure_file(
    "${CPACK_STAGE}/links/share/doc/wasi-posix-sockets/NOTICE"
    "${CPACK_STAGE}/links/share/doc/wasi-posix-sockets/copyright"
    COPYONLY
  )
  set(CPACK_INSTALLED_DIRECTORIES "${CPACK_STAGE}/tree;usr/lib/wasi-posix-sockets" "${CPACK_STAGE}/links;usr")
  set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
  set(
    CPACK_DEBIAN_PACKAGE_DEPENDS
    "bash, python3 (>= 3.9), clang-22, lld-22, llvm-22, libclang-rt-22-dev-wasm32, libc6 (>= 2.28)"
  )
  set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "cmake, make")
  set(CPACK_DEBIAN_PACKAGE_SECTION devel)
else()
  set(CPACK_INSTALLED_DIRECTORIES "${CPACK_STAGE}/tree;.")
endif()
