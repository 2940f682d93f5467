// What resolver_settings_test.cpp and search_list_test.cpp share.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "names/resolver_settings.h"

#include <netdb.h>
#include <resolv.h>
#include <unistd.h>

#include <catch_amalgamated.hpp>
#include <cstdlib>
#include <string>

#include "allocation.h"
#include "fake_resolver.h"
#include "names/look_up.h"

using namespace posix_sockets;

namespace resolv_conf_help {

// The file for the time of a case, and no environment that adds to it.
class SettingsFile {
 public:
  explicit SettingsFile(const std::string& text) : before_(resolver_settings_path) {
    const int fd = mkstemp(path_);
    REQUIRE(fd >= 0);
    REQUIRE(write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    close(fd);
    resolver_settings_path = path_;
    unsetenv("LOCALDOMAIN");
    unsetenv("RES_OPTIONS");
  }
  ~SettingsFile() {
    resolver_settings_path = before_;
    unlink(path_);
    unsetenv("LOCALDOMAIN");
    unsetenv("RES_OPTIONS");
  }

 private:
  const char* before_;
  char path_[32] = "/tmp/resolv-XXXXXX";
};

inline std::string servers(const ResolverSettings& settings) {
  std::string all;
  for (int i = 0; i < settings.server_count; ++i) {
    if (i != 0) all += ' ';
    all += fake::text(settings.servers[i]);
    if (settings.servers[i].port != 53) all += ":" + std::to_string(settings.servers[i].port);
  }
  return all;
}
inline std::string domains(const ResolverSettings& settings) {
  std::string all;
  for (const char* word = settings.domains(); *word != '\0'; word = next_word(word)) all += std::string(word) + " ";
  return all;
}
inline std::string servers_of(const std::string& text) {
  SettingsFile file(text);
  ResolverSettings settings;
  REQUIRE(read_resolver_settings(settings) == SettingsStatus::read);
  return servers(settings);
}
inline std::string domains_of(const std::string& text) {
  SettingsFile file(text);
  ResolverSettings settings;
  REQUIRE(read_resolver_settings(settings) == SettingsStatus::read);
  return domains(settings);
}
inline std::string numbers_of(const std::string& text, const char* variable = nullptr) {
  SettingsFile file(text);
  if (variable != nullptr) setenv("RES_OPTIONS", variable, 1);
  ResolverSettings settings;
  REQUIRE(read_resolver_settings(settings) == SettingsStatus::read);
  return std::to_string(settings.ndots) + " " + std::to_string(settings.timeout) + " " +
         std::to_string(settings.attempts) + (settings.has(RES_USEVC) ? " tcp" : "");
}

}  // namespace resolv_conf_help
