// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/resolver_settings.h"

#include <stdlib.h>
#include <string.h>

#include "names/numeric.h"

namespace posix_sockets {
namespace {

constexpr uint16_t dns_port = 53;

// A decimal number of at most `most`, which larger ones count as. False: not a number.
bool read_number(const char* text, int most, int& value) {
  if (*text == '\0') return false;
  int number = 0;
  for (; *text != '\0'; ++text) {
    if (*text < '0' || *text > '9') return false;
    number = number * 10 + (*text - '0');
    if (number > most) number = most;
  }
  value = number;
  return true;
}

// Reads "[ADDRESS]:PORT".
bool read_with_port(const char* word, SocketAddress& server) {
  const char* end = strchr(word, ']');
  char address[numeric_size];
  if (end == nullptr || end[1] != ':' || static_cast<size_t>(end - word - 1) >= sizeof address) return false;
  memcpy(address, word + 1, static_cast<size_t>(end - word - 1));
  address[end - word - 1] = '\0';
  int port;
  if (!read_number(end + 2, 65536, port) || port == 0 || port > 65535) return false;
  if (parse_numeric(address, server) != Numeric::address) return false;
  server.port = static_cast<uint16_t>(port);
  return true;
}

void read_server(const char* word, ResolverSettings& settings) {
  if (settings.server_count == ResolverSettings::most_servers) return;
  SocketAddress server;
  if (*word == '[') {
    if (!read_with_port(word, server)) return;
  } else {
    if (parse_numeric(word, server) != Numeric::address) return;
    server.port = dns_port;
  }
  settings.servers[settings.server_count++] = server;
}

void read_options(const char* words, ResolverSettings& settings) {
  struct Option {
    const char* name;
    int ResolverSettings::* value;
    int least;
    int most;  // as resolv.conf(5) caps them
  };
  static constexpr Option options[] = {
      {"ndots:", &ResolverSettings::ndots, 0, 15},
      {"timeout:", &ResolverSettings::timeout, 1, 30},
      {"attempts:", &ResolverSettings::attempts, 1, 5},
  };
  for (; *words != '\0'; words = next_word(words)) {
    if (strcmp(words, "use-vc") == 0) settings.use_tcp = true;
    for (const Option& option : options) {
      const size_t length = strlen(option.name);
      int value;
      if (strncmp(words, option.name, length) != 0 || !read_number(words + length, option.most, value)) continue;
      settings.*option.value = value < option.least ? option.least : value;
    }
  }
}

// Replaces the search list by `count` of the words. False: no memory.
bool read_domains(const char* words, int count, List<char>& search) {
  search.clear();
  for (; *words != '\0' && count > 0; words = next_word(words), --count) {
    size_t length = strlen(words);
    while (length > 0 && words[length - 1] == '.') --length;
    if (length == 0) continue;  // the root: the name as it is
    for (size_t i = 0; i < length; ++i)
      if (!search.add(words[i])) return false;
    if (!search.add('\0')) return false;
  }
  return search.empty() || search.add('\0');
}

bool read_line(const char* words, ResolverSettings& settings) {
  const char* values = next_word(words);
  constexpr int all = 1 << 16;
  if (strcmp(words, "nameserver") == 0) {
    read_server(values, settings);
  } else if (strcmp(words, "options") == 0) {
    read_options(values, settings);
  } else if (strcmp(words, "search") == 0) {
    return read_domains(values, all, settings.search);
  } else if (strcmp(words, "domain") == 0) {
    return read_domains(values, 1, settings.search);
  }
  return true;
}

// A variable of the environment, as the words of a line.
const char* variable(const char* name, LineReader& reader) {
  const char* text = getenv(name);
  if (text == nullptr) return nullptr;
  reader.open_text(text);
  return reader.next();
}

}  // namespace

SettingsStatus read_resolver_settings(ResolverSettings& settings) {
  LineReader reader;
  if (!reader.open(resolver_settings_path)) return SettingsStatus::absent;
  while (const char* words = reader.next())
    if (!read_line(words, settings)) return SettingsStatus::out_of_memory;
  if (reader.out_of_memory()) return SettingsStatus::out_of_memory;
  if (const char* words = variable("LOCALDOMAIN", reader)) {
    if (!read_domains(words, 1 << 16, settings.search)) return SettingsStatus::out_of_memory;
  }
  if (const char* words = variable("RES_OPTIONS", reader)) read_options(words, settings);
  if (reader.out_of_memory()) return SettingsStatus::out_of_memory;
  if (settings.server_count == 0) {
    // The file names none: this machine's.
    settings.servers[settings.server_count++] = SocketAddress::loopback(Family::ipv4, dns_port);
  }
  return SettingsStatus::read;
}

}  // namespace posix_sockets
