// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The standard variant, but that poll's constants aren't Linux's, and objects of 64 bits: wasi-libc's SOL_SOCKET has 31 of them,
// one more than a small integer.
#define MICROPY_CONFIG_ROM_LEVEL MICROPY_CONFIG_ROM_LEVEL_EXTRA_FEATURES
#define MICROPY_OBJ_REPR MICROPY_OBJ_REPR_D
#include <stdint.h>
typedef int64_t mp_int_t;
typedef uint64_t mp_uint_t;
#define UINT_FMT "%llu"
#define INT_FMT "%lld"
#include "variants/mpconfigvariant_common.h"
#undef MICROPY_PY_SELECT_POSIX_OPTIMISATIONS
#define MICROPY_PY_SELECT_POSIX_OPTIMISATIONS 0
