// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/line_reader.h"

#include <unistd.h>

#include <catch_amalgamated.hpp>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "allocation.h"

using posix_sockets::LineReader;
using posix_sockets::next_word;

namespace {

using Words = std::vector<std::string>;

Words words_of(const char* list) {
  Words words;
  for (; *list != '\0'; list = next_word(list)) words.emplace_back(list);
  return words;
}

std::vector<Words> rows(LineReader& reader) {
  std::vector<Words> all;
  while (const char* words = reader.next()) all.push_back(words_of(words));
  return all;
}

struct File {
  std::string path;
  explicit File(const std::string& text) {
    char name[] = "/tmp/line-reader-XXXXXX";
    const int fd = mkstemp(name);
    REQUIRE(fd >= 0);
    REQUIRE(write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    close(fd);
    path = name;
  }
  ~File() { unlink(path.c_str()); }
};

std::vector<Words> rows_of_file(const std::string& text) {
  File file(text);
  LineReader reader;
  REQUIRE(reader.open(file.path.c_str()));
  return rows(reader);
}

}  // namespace

TEST_CASE("LineReader: words are cut at blanks and tabs") {
  CHECK(rows_of_file("a b\n\tccc \t dd  \n") == std::vector<Words>{{"a", "b"}, {"ccc", "dd"}});
}

TEST_CASE("LineReader: comments and empty lines are passed over") {
  CHECK(rows_of_file("# all\n\n  \t\n a # rest\nb#c d\n#\n") == std::vector<Words>{{"a"}, {"b"}});
}

TEST_CASE("LineReader: the last line may lack its newline") {
  CHECK(rows_of_file("a\nb c") == std::vector<Words>{{"a"}, {"b", "c"}});
}

TEST_CASE("LineReader: carriage returns are blanks") {
  CHECK(rows_of_file("a b\r\nc\r\n") == std::vector<Words>{{"a", "b"}, {"c"}});
}

TEST_CASE("LineReader: an empty file has no rows") { CHECK(rows_of_file("").empty()); }

TEST_CASE("LineReader: single letters in the first column keep their neighbours whole") {
  // The list of words takes as much room as the line or one byte more.
  CHECK(rows_of_file("a b c\nd e f\ng\nh") == std::vector<Words>{{"a", "b", "c"}, {"d", "e", "f"}, {"g"}, {"h"}});
}

TEST_CASE("LineReader: lines of every length around the buffer's size") {
  std::string text;
  std::vector<Words> wanted;
  for (int length = 500; length < 530; ++length) {
    text += std::string(length, 'x') + " y\n";
    wanted.push_back({std::string(length, 'x'), "y"});
  }
  CHECK(rows_of_file(text) == wanted);
}

TEST_CASE("LineReader: a line of 2,000,000 letters is read whole") {
  const std::string word(2000000, 'w');
  CHECK((rows_of_file("a\n" + word + " b\nc\n") == std::vector<Words>{{"a"}, {word, "b"}, {"c"}}));
}

TEST_CASE("LineReader: lines as they stand, up to a NUL") {
  LineReader reader;
  const File file(std::string(" a # b\r\n\n;c\0d\n e", 16));
  REQUIRE(reader.open(file.path.c_str()));
  for (const char* line : {" a # b\r", "", ";c", " e"}) {
    const char* came = reader.next_line();
    REQUIRE(came != nullptr);
    CHECK(std::string(came) == line);
  }
  CHECK(reader.next_line() == nullptr);
}

TEST_CASE("LineReader: a line that is too long is left out, and only it") {
  CHECK(rows_of_file("a\n" + std::string(5000000, 'w') + " b\nc d\n") == std::vector<Words>{{"a"}, {"c", "d"}});
  CHECK(rows_of_file("a\n" + std::string(5000000, 'w')) == std::vector<Words>{{"a"}});
}

TEST_CASE("LineReader: reads a text as it reads a file") {
  LineReader reader;
  reader.open_text("a b\n# c\nd\n");
  CHECK(rows(reader) == std::vector<Words>{{"a", "b"}, {"d"}});
  reader.open_text("e\n");
  CHECK(rows(reader) == std::vector<Words>{{"e"}});
}

TEST_CASE("LineReader: a missing file leaves errno alone") {
  LineReader reader;
  errno = 4711;
  CHECK_FALSE(reader.open("/nonexistent/file"));
  CHECK(errno == 4711);
}

TEST_CASE("LineReader: no memory for a long line ends the file and says so") {
  File file("a\n" + std::string(2000, 'x') + "\nb\n");
  const int live = allocation::live();
  {
    LineReader reader;
    REQUIRE(reader.open(file.path.c_str()));
    allocation::fail_at(1);
    CHECK(rows(reader) == std::vector<Words>{{"a"}});
    CHECK(reader.out_of_memory());
    allocation::fail_at(0);
  }
  CHECK(allocation::live() == live);
}
