// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/resolver_settings.h"

#include <resolv.h>
#include <stdlib.h>
#include <string.h>

#include "names/numeric.h"

namespace posix_sockets {
namespace {

constexpr uint16_t dns_port = 53;

bool is_blank(char c) { return c == ' ' || c == '\t'; }

const char* skip_blanks(const char* at) {
  while (is_blank(*at)) ++at;
  return at;
}

// The environment's words may end in lines, too.
const char* end_of_word(const char* at) {
  while (*at != '\0' && *at != '\n' && !is_blank(*at)) ++at;
  return at;
}

// Copies what stands between two places; false: it's too long.
template <size_t size>
bool copy(const char* from, const char* end, char (&text)[size]) {
  const auto length = static_cast<size_t>(end - from);
  if (length >= size) return false;
  memcpy(text, from, length);
  text[length] = '\0';
  return true;
}

// As atoi() reads a number on a machine of 64 bits: as far as there are digits, 0 without any.
int read_number(const char* text) {
  text = skip_blanks(text);
  const bool negative = *text == '-';
  if (*text == '-' || *text == '+') ++text;
  int64_t number = 0;
  for (; *text >= '0' && *text <= '9'; ++text) {
    if (__builtin_mul_overflow(number, 10, &number) || __builtin_add_overflow(number, *text - '0', &number))
      return negative ? 0 : -1;
  }
  return static_cast<int>(static_cast<uint32_t>(negative ? -number : number));
}

// Reads "[ADDRESS]:PORT".
bool read_with_port(const char* word, SocketAddress& server) {
  const char* end = strchr(word, ']');
  char address[numeric_size];
  if (end == nullptr || end[1] != ':' || !copy(word + 1, end, address)) return false;
  const char* digits = end + 2;
  if (*digits == '\0' || digits[strspn(digits, "0123456789")] != '\0' || strlen(digits) > 5) return false;
  const int port = read_number(digits);
  if (port == 0 || port > 65535) return false;
  if (parse_numeric(address, server) != Numeric::address) return false;
  server.port = static_cast<uint16_t>(port);
  return true;
}

void read_server(const char* text, ResolverSettings& settings) {
  if (settings.server_count == ResolverSettings::most_servers) return;
  char word[numeric_size + sizeof "[]:65535"];
  if (!copy(text, end_of_word(text), word)) return;
  SocketAddress server;
  if (*word == '[') {
    if (!read_with_port(word, server)) return;
  } else {
    // A scope that means nothing isn't a scope.
    if (parse_numeric(word, server) == Numeric::not_numeric) return;
    server.port = dns_port;
  }
  settings.servers[settings.server_count++] = server;
}

// Options are known by how they begin. A longer one stands before one that begins it.
void read_option(const char* word, ResolverSettings& settings) {
  struct Number {
    const char* name;
    int ResolverSettings::* value;
    int most;  // as resolv.conf(5) caps them
  };
  static constexpr Number numbers[] = {
      {"ndots:", &ResolverSettings::ndots, RES_MAXNDOTS},
      {"timeout:", &ResolverSettings::timeout, RES_MAXRETRANS},
      {"attempts:", &ResolverSettings::attempts, RES_MAXRETRY},
  };
  struct Flag {
    const char* name;
    unsigned long bit;
  };
  static constexpr Flag flags[] = {
      {"rotate", RES_ROTATE},
      {"edns0", RES_USE_EDNS0},
      {"single-request-reopen", RES_SNGLKUPREOP},
      {"single-request", RES_SNGLKUP},
      {"no_tld_query", RES_NOTLDQUERY},
      {"no-tld-query", RES_NOTLDQUERY},
      {"no-reload", RES_NORELOAD},
      {"use-vc", RES_USEVC},
      {"trust-ad", RES_TRUSTAD},
      {"no-aaaa", RES_NOAAAA},
  };
  for (const Number& number : numbers) {
    const size_t length = strlen(number.name);
    if (strncmp(word, number.name, length) != 0) continue;
    const int value = read_number(word + length);
    settings.*number.value = value < number.most ? value : number.most;
    return;
  }
  for (const Flag& flag : flags) {
    if (strncmp(word, flag.name, strlen(flag.name)) != 0) continue;
    settings.options |= flag.bit;
    return;
  }
}

void read_options(const char* text, ResolverSettings& settings) {
  for (text = skip_blanks(text); *text != '\0'; text += strcspn(text, " \t"), text = skip_blanks(text))
    read_option(text, settings);
  settings.ndots &= RES_MAXNDOTS;  // that of a res_state has 4 bits
}

// Replaces the search list by the words up to `end`. False: no memory.
bool read_domains(const char* text, const char* end, List<char>& search) {
  search.clear();
  while (text < end) {
    const char* word_end = end_of_word(text);
    // No word at all is the root, too.
    if (word_end == text && !search.add('.')) return false;
    for (; text < word_end; ++text)
      if (!search.add(*text)) return false;
    if (!search.add('\0')) return false;
    text = skip_blanks(text);
  }
  return search.empty() || search.add('\0');
}

// The mask that a network has by its class.
uint32_t mask_of_class(uint32_t address) {
  if (address >> 31 == 0) return 0xff000000;
  return address >> 30 == 2 ? 0xffff0000 : 0xffffff00;
}

bool read_ipv4(const char* from, const char* end, uint32_t& address) {
  char text[32];
  uint8_t bytes[4];
  if (!copy(from, end, text)) return false;
  const char* rest = parse_ipv4(text, bytes);
  if (rest == nullptr || *rest != '\0') return false;
  address = static_cast<uint32_t>(bytes[0]) << 24 | static_cast<uint32_t>(bytes[1]) << 16 |
            static_cast<uint32_t>(bytes[2]) << 8 | bytes[3];
  return true;
}

// ADDRESS, ADDRESS/MASK or ADDRESS&MASK, several of them.
void read_sort_rules(const char* text, ResolverSettings& settings) {
  for (text = skip_blanks(text); *text != '\0' && *text != ';'; text = skip_blanks(text)) {
    const char* end = text + strcspn(text, " \t/&;");
    const bool masked = *end == '/' || *end == '&';
    const char* mask_end = masked ? end + 1 + strcspn(end + 1, " \t;") : end;
    SortRule rule;
    if (settings.sort_rule_count < ResolverSettings::most_sort_rules && read_ipv4(text, end, rule.address)) {
      if (!masked || !read_ipv4(end + 1, mask_end, rule.mask)) rule.mask = mask_of_class(rule.address);
      settings.sort_rules[settings.sort_rule_count++] = rule;
    }
    text = mask_end;
  }
}

// What follows the keyword at the begin of a line; null: it's another line.
const char* values_of(const char* line, const char* keyword) {
  const size_t length = strlen(keyword);
  return strncmp(line, keyword, length) == 0 && is_blank(line[length]) ? skip_blanks(line + length) : nullptr;
}

bool read_line(const char* line, bool own_domains, ResolverSettings& settings) {
  if (const char* server = values_of(line, "nameserver")) {
    read_server(server, settings);
  } else if (const char* options = values_of(line, "options")) {
    read_options(options, settings);
  } else if (const char* rules = values_of(line, "sortlist")) {
    read_sort_rules(rules, settings);
  } else if (!own_domains) {
    const char* domains = values_of(line, "search");
    const char* domain = values_of(line, "domain");
    if (domains != nullptr && *domains != '\0')
      return read_domains(domains, domains + strlen(domains), settings.search);
    if (domain != nullptr && *domain != '\0') return read_domains(domain, end_of_word(domain), settings.search);
  }
  return true;
}

}  // namespace

SettingsStatus read_resolver_settings(ResolverSettings& settings) {
  const char* own_domains = getenv("LOCALDOMAIN");
  if (own_domains != nullptr && !read_domains(own_domains, own_domains + strcspn(own_domains, "\n"), settings.search))
    return SettingsStatus::out_of_memory;
  LineReader reader;
  const bool there = reader.open(resolver_settings_path);
  while (there) {
    const char* line = reader.next_line();
    if (line == nullptr) break;
    if (!read_line(line, own_domains != nullptr, settings)) return SettingsStatus::out_of_memory;
  }
  if (reader.out_of_memory()) return SettingsStatus::out_of_memory;
  if (const char* options = getenv("RES_OPTIONS")) read_options(options, settings);
  if (!there) return SettingsStatus::absent;
  if (settings.server_count == 0) {
    // The file names none: this machine's.
    settings.servers[settings.server_count++] = SocketAddress::loopback(Family::ipv4, dns_port);
  }
  return SettingsStatus::read;
}

int sort_place(const ResolverSettings& settings, const SocketAddress& address) {
  uint32_t number = 0;
  for (int i = 0; i < 4; ++i) number = number << 8 | address.bytes[i];
  for (int i = 0; i < settings.sort_rule_count; ++i)
    if ((number & settings.sort_rules[i].mask) == settings.sort_rules[i].address) return i;
  return settings.sort_rule_count;
}

}  // namespace posix_sockets
