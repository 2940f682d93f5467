// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/utf8.h"

#include <catch_amalgamated.hpp>
#include <string>

static bool valid(const std::string& text) { return posix_sockets::is_utf8(text.data(), text.size()); }

TEST_CASE("utf8: well-formed text") {
  CHECK(valid(""));
  CHECK(valid("localhost"));
  CHECK(
      valid("b\xc3\xbc"
            "cher"));
  CHECK(valid("\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf"));
  CHECK(valid("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"));
  CHECK(valid(std::string("a\0b", 3)));
}

TEST_CASE("utf8: what would kill the guest") {
  CHECK_FALSE(valid("\x80"));
  CHECK_FALSE(valid("a\xff"));
  CHECK_FALSE(valid("\xc0\x80"));
  CHECK_FALSE(valid("\xc1\xbf"));
  CHECK_FALSE(valid("\xe0\x9f\xbf"));
  CHECK_FALSE(valid("\xed\xa0\x80"));
  CHECK_FALSE(valid("\xf0\x8f\xbf\xbf"));
  CHECK_FALSE(valid("\xf4\x90\x80\x80"));
  CHECK_FALSE(valid("\xf5\x80\x80\x80"));
  CHECK_FALSE(valid("\xc3"));
  CHECK_FALSE(valid("\xe2\x82"));
  CHECK_FALSE(valid("\xf0\x90\x80"));
  CHECK_FALSE(valid("\xc3(("));
}
