# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
include("$(MPY_DIR)/extmod/asyncio")  # noqa: F821
