// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The errno that the documentation of an entry point names: the comment that stands before its definition. What it says
// of another function, as "as send()", takes in what is said of that.
#include "errnos.h"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>

namespace faults {
namespace {

struct Entry {
  std::set<std::string> names;
  std::set<std::string> like;
};

std::map<std::string, Entry>& entries() {
  static std::map<std::string, Entry> all;
  return all;
}

void read(const std::filesystem::path& path) {
  static const std::regex definition(R"((?:WPS_ENTRY\((\w+)\)|^(?:int|ssize_t|off_t|void)\s+\*?((?!WPS_ENTRY)\w+))\()");
  static const std::regex name(R"(\bE[A-Z0-9]{3,}\b)");
  static const std::regex like(R"(\b(\w+)\(\))");
  std::ifstream file(path);
  std::string comment;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("//")) {
      comment += line.substr(2);
      continue;
    }
    std::smatch match;
    if (!comment.empty() && std::regex_search(line, match, definition)) {
      Entry& entry = entries()[match[1].matched ? match[1] : match[2]];
      for (std::sregex_iterator at(comment.begin(), comment.end(), name), end; at != end; ++at)
        entry.names.insert(at->str());
      for (std::sregex_iterator at(comment.begin(), comment.end(), like), end; at != end; ++at)
        entry.like.insert((*at)[1].str());
    }
    comment.clear();
  }
}

void collect(const std::string& function, std::set<std::string>& names, std::set<std::string>& seen) {
  if (!seen.insert(function).second) return;
  const Entry& entry = entries()[function];
  names.insert(entry.names.begin(), entry.names.end());
  for (const std::string& other : entry.like) collect(other, names, seen);
}

}  // namespace

std::set<std::string> documented_errnos(const std::string& function) {
  if (entries().empty())
    for (const auto& file : std::filesystem::recursive_directory_iterator(LIBRARY_FOLDER "/api"))
      if (file.path().extension() == ".cpp") read(file.path());
  std::set<std::string> names;
  std::set<std::string> seen;
  collect(function, names, seen);
  return names;
}

}  // namespace faults
