// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Socket options by name, from the library's own table (options.def) and its list of refused ones.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#include "options/table.h"
#include "support/pointer.h"
#include "trace/values.h"

namespace posix_sockets::trace {
namespace {

enum class Form : uint8_t { boolean, integer, linger, timeval, credentials, connection };

struct Option {
  int level;
  int name;
  const char* level_text;
  const char* name_text;
  Form form;
};

constexpr Option known[] = {
#define OPTION(level, name, types, families, form, ...) {level, name, #level, #name, Form::form},
#define ALIAS(name, other)
#include "options/options.def"
#undef ALIAS
#undef OPTION
#define REFUSED(level, name) {level, name, #level, #name, Form::integer},
#include "trace-refused.inc"
#undef REFUSED
};

const Option* find(int level, int name) {
  for (const Option& option : known)
    if (option.level == level && option.name == name) return &option;
  return nullptr;
}

const char* level_text(int level) {
  for (const Option& option : known)
    if (option.level == level) return option.level_text;
  return nullptr;
}

template <class T>
T copy_of(const void* value) {
  T copy;
  memcpy(&copy, value, sizeof copy);
  return copy;
}

}  // namespace

void put(OptionName option) {
  const Option* found = find(option.level, option.name);
  const char* level = level_text(option.level);
  if (level != nullptr) {
    put(level);
  } else {
    put(option.level);
  }
  put(", ");
  if (found != nullptr) {
    put(found->name_text);
  } else {
    put(option.name);
  }
}

void put(OptionValue value) {
  if (value.value == nullptr || !accessible(value.value, value.length)) return put(Pointer{value.value});
  const Option* option = find(value.level, value.name);
  const Form form = option != nullptr ? option->form : Form::integer;
  if (form == Form::timeval && value.length >= sizeof(timeval)) {
    const auto time = copy_of<timeval>(value.value);
    put(TimeVal{&time});
  } else if (form == Form::linger && value.length >= sizeof(linger)) {
    const auto setting = copy_of<linger>(value.value);
    put("{l_onoff=");
    put(setting.l_onoff);
    put(", l_linger=");
    put(setting.l_linger);
    put('}');
  } else if (form == Form::credentials && value.length >= sizeof(ucred)) {
    const auto sender = copy_of<ucred>(value.value);
    put("{pid=");
    put(static_cast<int>(sender.pid));
    put(", uid=");
    put(static_cast<int>(sender.uid));
    put(", gid=");
    put(static_cast<int>(sender.gid));
    put('}');
  } else if (value.length == sizeof(int)) {
    put('[');
    put(copy_of<int>(value.value));
    put(']');
  } else {
    put(Data{value.value, value.length});
  }
}

}  // namespace posix_sockets::trace
