// mmap and munmap, of memory and of files, whole and in parts.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/mman.h>
#include <unistd.h>

#include "net.h"

using namespace conformance;

namespace {

constexpr std::size_t unit = 65536;  // a page, or some

char* map(std::size_t size) {
  void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  REQUIRE(memory != MAP_FAILED);
  CHECK(reinterpret_cast<uintptr_t>(memory) % 4096 == 0);
  return static_cast<char*>(memory);
}

bool is_zero(const char* memory, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i)
    if (memory[i] != 0) return false;
  return true;
}

void expect_unmappable(void* memory, int error) {
  CHECK(memory == MAP_FAILED);
  CHECK(errno == error);
}

}  // namespace

TEST_CASE("memory map: the head, the tail and the middle are unmapped, and the rest stays") {
  char* memory = map(8 * unit);
  CHECK(is_zero(memory, 8 * unit));
  std::memset(memory, 7, 8 * unit);
  CHECK_OK(munmap(memory, unit));
  CHECK_OK(munmap(memory + 7 * unit, unit));
  CHECK_OK(munmap(memory + 3 * unit, 2 * unit));
  CHECK(memory[unit] == 7);
  CHECK(memory[3 * unit - 1] == 7);
  CHECK(memory[5 * unit] == 7);
  CHECK(memory[7 * unit - 1] == 7);
  CHECK_OK(munmap(memory + 5 * unit, 2 * unit));
  CHECK_OK(munmap(memory, 8 * unit));
}

TEST_CASE("memory map: unmapping what isn't mapped, or more than that, is no error") {
  char* memory = map(2 * unit);
  CHECK_OK(munmap(memory, 2 * unit));
  char* other = map(2 * unit);
  CHECK_OK(munmap(other + unit, 100));
  CHECK_OK(munmap(other + unit, 100));
  CHECK_OK(munmap(other, unit));
}

TEST_CASE("memory map: memory that is mapped again and again doesn't grow without end") {
  for (int i = 0; i < 1000; ++i) {
    char* memory = map(64 * unit);
    memory[0] = memory[64 * unit - 1] = 1;
    CHECK_OK(munmap(memory, 32 * unit));
    CHECK_OK(munmap(memory + 32 * unit, 32 * unit));
  }
}

TEST_CASE("memory map: what is refused") {
  char* memory = map(unit);
  CHECK_FAILS(munmap(memory, 0), EINVAL);
  CHECK_FAILS(munmap(memory + 1, unit), EINVAL);
  CHECK_OK(munmap(memory, unit));
  const int both = PROT_READ | PROT_WRITE;
  const Fd file = open_scratch("file"), writes(open(scratch("file").c_str(), O_WRONLY));
  expect_unmappable(mmap(nullptr, 0, both, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), EINVAL);
  expect_unmappable(mmap(nullptr, unit, both, MAP_ANONYMOUS, -1, 0), EINVAL);
  expect_unmappable(mmap(nullptr, unit, both, MAP_PRIVATE, file, 1), EINVAL);
  expect_unmappable(mmap(nullptr, unit, both, MAP_PRIVATE, -1, 0), EBADF);
  expect_unmappable(mmap(nullptr, unit, PROT_READ, MAP_PRIVATE, writes, 0), EACCES);
  const Pair p = udp_pair(AF_INET);
  expect_unmappable(mmap(nullptr, unit, PROT_READ, MAP_PRIVATE, p.client, 0), ENODEV);
}

TEST_CASE("memory map: a file, from an offset, with zeros behind its end") {
  const Fd file = open_scratch("file");
  std::string content(2 * unit + 5, 'a');
  content[unit] = 'b';
  content.back() = 'c';
  REQUIRE_RETURNS(pwrite(file, content.data(), content.size(), 0), static_cast<long long>(content.size()));
  void* whole = mmap(nullptr, content.size(), PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
  REQUIRE(whole != MAP_FAILED);
  void* part = mmap(nullptr, unit + 10, PROT_READ, MAP_SHARED, file, unit);
  REQUIRE(part != MAP_FAILED);
  CHECK(std::memcmp(whole, content.data(), content.size()) == 0);
  CHECK(std::memcmp(part, content.data() + unit, unit + 5) == 0);
  CHECK(is_zero(static_cast<char*>(part) + unit + 5, 4000));
  CHECK_RETURNS(lseek(file, 0, SEEK_CUR), 0);
  static_cast<char*>(whole)[0] = 'z';
  char byte = 0;
  CHECK_RETURNS(pread(file, &byte, 1, 0), 1);
  CHECK(byte == 'a');
  CHECK_OK(msync(whole, content.size(), MS_SYNC));
  CHECK_OK(munmap(whole, unit));
  CHECK(static_cast<char*>(whole)[unit] == 'b');
  CHECK_FAILS(msync(whole, content.size(), MS_SYNC), ENOMEM);
  CHECK_OK(munmap(whole, content.size()));
  CHECK_OK(munmap(part, unit + 10));
}

TEST_CASE("memory map: msync of what it can't") {
  char* memory = map(2 * unit);
  CHECK_OK(msync(memory, 2 * unit, MS_ASYNC));
  CHECK_FAILS(msync(memory, unit, MS_SYNC | MS_ASYNC), EINVAL);
  CHECK_FAILS(msync(memory, unit, 64), EINVAL);
  CHECK_FAILS(msync(memory + 1, unit, MS_SYNC), EINVAL);
  CHECK_OK(munmap(memory, 2 * unit));
}

TEST_CASE("memory map: a file that is open for reading isn't mapped to be written") {
  REQUIRE_OK(write(open_scratch("file"), "text", 4));
  const Fd reads(open(scratch("file").c_str(), O_RDONLY)), both(open(scratch("file").c_str(), O_RDWR));
  expect_unmappable(mmap(nullptr, 4, PROT_READ | PROT_WRITE, MAP_SHARED, reads, 0), EACCES);
  void* own = mmap(nullptr, 4, PROT_READ | PROT_WRITE, MAP_PRIVATE, reads, 0);
  CHECK(own != MAP_FAILED);
  CHECK_OK(munmap(own, 4));
  void* shared = mmap(nullptr, 4, PROT_READ | PROT_WRITE, MAP_SHARED, both, 0);
  CHECK(shared != MAP_FAILED);
  CHECK_OK(munmap(shared, 4));
}

TEST_CASE("memory map: mprotect to what memory is already") {
  char* memory = map(unit);
  CHECK_OK(mprotect(memory, unit, PROT_READ | PROT_WRITE));
  CHECK_OK(mprotect(memory, 4096, PROT_READ | PROT_WRITE));
  CHECK_FAILS(mprotect(memory + 1, 4096, PROT_READ | PROT_WRITE), EINVAL);
  std::memset(memory, 7, unit);
  CHECK_OK(munmap(memory, unit));
}
