// libintl.h: messages come back as they are, which is what the locale C means by a translation.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <errno.h>
#include <libintl.h>
#include <stdlib.h>
#include <string.h>

namespace {

char default_domain[] = "messages";
char* domain = default_domain;

// What bindtextdomain was told, by domain: programs read it back.
struct Binding {
  Binding* next;
  char* name;
  char* folder;
  char* codeset;
};
Binding* bindings = nullptr;

Binding* binding_of(const char* name, bool make) {
  for (Binding* each = bindings; each != nullptr; each = each->next)
    if (strcmp(each->name, name) == 0) return each;
  if (!make) return nullptr;
  auto* added = static_cast<Binding*>(calloc(1, sizeof(Binding)));
  if (added == nullptr) return nullptr;
  added->name = strdup(name);
  if (added->name == nullptr) {
    free(added);
    return nullptr;
  }
  added->next = bindings;
  return bindings = added;
}

char* set_part(const char* name, const char* value, char* Binding::* part, char* fallback) {
  if (name == nullptr || *name == '\0') return nullptr;
  Binding* binding = binding_of(name, value != nullptr);
  if (value != nullptr) {
    char* copy = binding != nullptr ? strdup(value) : nullptr;
    if (copy == nullptr) {
      errno = ENOMEM;
      return nullptr;
    }
    free(binding->*part);
    binding->*part = copy;
  }
  return binding != nullptr && binding->*part != nullptr ? binding->*part : fallback;
}

char default_folder[] = "/usr/share/locale";

}  // namespace

extern "C" {

char* dcgettext(const char*, const char* message, int) { return const_cast<char*>(message); }
char* dgettext(const char*, const char* message) { return const_cast<char*>(message); }
char* gettext(const char* message) { return const_cast<char*>(message); }
char* dcngettext(const char*, const char* one, const char* many, unsigned long count, int) {
  return const_cast<char*>(count == 1 ? one : many);
}
char* dngettext(const char* name, const char* one, const char* many, unsigned long count) {
  return dcngettext(name, one, many, count, 0);
}
char* ngettext(const char* one, const char* many, unsigned long count) {
  return dcngettext(nullptr, one, many, count, 0);
}

// The domain that is set; null asks. Null, ENOMEM: no memory.
char* textdomain(const char* name) {
  if (name == nullptr) return domain;
  char* copy = default_domain;
  if (*name != '\0' && strcmp(name, default_domain) != 0) copy = strdup(name);
  if (copy == nullptr) {
    errno = ENOMEM;
    return nullptr;
  }
  if (domain != default_domain) free(domain);
  return domain = copy;
}

// What the domain is bound to; a null value asks. Null: no name, or (ENOMEM) no memory.
char* bindtextdomain(const char* name, const char* folder) {
  return set_part(name, folder, &Binding::folder, default_folder);
}
char* bind_textdomain_codeset(const char* name, const char* codeset) {
  return set_part(name, codeset, &Binding::codeset, nullptr);
}

}  // extern "C"
