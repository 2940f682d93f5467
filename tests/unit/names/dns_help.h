// What dns_message_test.cpp and dns_names_test.cpp share.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "names/dns_message.h"

#include <catch_amalgamated.hpp>
#include <memory>
#include <random>
#include <string>

#include "allocation.h"
#include "fake_resolver.h"

using namespace posix_sockets;
using dns::Query;
using dns::Reply;

namespace dns_help {

inline std::string number(unsigned value) { return {static_cast<char>(value >> 8), static_cast<char>(value)}; }

// "a.b" in labels; a last part "@12" is a pointer to that position.
inline std::string labels(const std::string& name) {
  std::string wire;
  size_t at = 0;
  while (at < name.size()) {
    if (name[at] == '@') return wire + number(0xc000U | static_cast<unsigned>(std::stoi(name.substr(at + 1))));
    size_t end = name.find('.', at);
    if (end == std::string::npos) end = name.size();
    wire += static_cast<char>(end - at);
    wire += name.substr(at, end - at);
    at = end + 1;
  }
  return wire + '\0';
}

inline std::string pointer(size_t position) {
  std::string text("@");
  text += std::to_string(position);
  return text;
}

constexpr unsigned cname = 5, ptr = 12, txt = 16;

inline std::string record(const std::string& owner, unsigned type, const std::string& data, unsigned record_class = 1) {
  return labels(owner) + number(type) + number(record_class) + std::string(4, '\0') +
         number(static_cast<unsigned>(data.size())) + data;
}

const Query query = dns::make_reverse_query(fake::address("192.0.2.1"), 0x1234);
const std::string question(reinterpret_cast<const char*>(query.bytes) + 12, query.size - 12);
// Where the first record's name stands in a reply to the query: a pointer before it can lead anywhere else.
const size_t records = query.size;

inline std::string reply(const std::string& answers, unsigned count, unsigned flags = 0x8180, unsigned id = 0x1234) {
  return number(id) + number(flags) + number(1) + number(count) + number(0) + number(0) + question + answers;
}

}  // namespace dns_help
