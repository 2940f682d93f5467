// Dynamic linking: a component is linked once, so nothing can be loaded and no name be looked up, as in a static program.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <dlfcn.h>

namespace {

char message[] = "Dynamic loading is not supported";
bool failed = false;

}  // namespace

extern "C" {

// Null: always. dlerror says why.
void* dlopen(const char*, int) {
  failed = true;
  return nullptr;
}
void* dlsym(void*, const char*) {
  failed = true;
  return nullptr;
}

// -1: always, as there is no handle. dlerror says why.
int dlclose(void*) {
  failed = true;
  return -1;
}

// The last failure since it was asked for, else null.
char* dlerror() {
  char* text = failed ? message : nullptr;
  failed = false;
  return text;
}

// 0: always, no object is known that an address could belong to. Not a failure that dlerror tells.
int dladdr(const void*, Dl_info*) { return 0; }

}  // extern "C"
