# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""In the guest: runs one of CPython's own tests, which would be skipped on WASI for its missing sockets, and tells of the
failures that missing threads don't explain."""

import os
import sys
import unittest

import test.support

test.support.is_wasi = False
test.support.has_socket_support = True
os.chdir("/tmp")
suite = unittest.defaultTestLoader.loadTestsFromName("test." + sys.argv[1])
result = unittest.TextTestRunner(stream=open("/tmp/log", "w")).run(suite)
others = [case.id().split(".")[-1] for case, text in result.errors + result.failures
          if "can't start new thread" not in text and "_testcapi" not in text]
print(result.testsRun - len(result.skipped) - len(result.errors) - len(result.failures), *sorted(others))
