// builds: native wasi
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Addresses of Ethernet, tables of file systems, keys, attributes of programs to start.
#include <malloc.h>
#include <mntent.h>
#include <netinet/ether.h>
#define SYSLOG_NAMES
#include <spawn.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <syslog.h>
#include <unistd.h>

#include "check.h"

static void ethernet(void) {
  struct ether_addr address;
  char text[64], host[64];
  CHECK(ether_aton_r("1:22:aB:0:ff:9", &address) == &address);
  CHECK(memcmp(&address, "\x01\x22\xab\x00\xff\x09", 6) == 0);
  CHECK(strcmp(ether_ntoa_r(&address, text), "1:22:ab:0:ff:9") == 0);
  CHECK(ether_aton("1:2:3:4:5") == NULL && ether_aton("1:2:3:4:5:g") == NULL && ether_aton("1-2-3-4-5-6") == NULL);
  CHECK(ether_line("1:2:3:4:5:6\thost # a comment", &address, host) == 0 && strcmp(host, "host") == 0);
  CHECK(ether_line("1:2:3:4:5:6", &address, host) == -1);
  CHECK(sizeof(struct ether_header) == 14 && sizeof(struct ether_arp) == 28);
}

static void mounts_and_keys(const char* folder) {
  char path[256];
  snprintf(path, sizeof path, "%s/table", folder);
  FILE* file = fopen(path, "w");
  CHECK(file != NULL);
  fputs("# comment\n\n/dev/a\\040b\t/mnt  ext4 rw,size=5,noauto 1 2\nnone /proc proc\n", file);
  fclose(file);
  file = setmntent(path, "r");
  CHECK(file != NULL);
  struct mntent* entry = getmntent(file);
  CHECK(entry != NULL && strcmp(entry->mnt_fsname, "/dev/a b") == 0 && strcmp(entry->mnt_dir, "/mnt") == 0);
  CHECK(strcmp(entry->mnt_type, "ext4") == 0 && entry->mnt_freq == 1 && entry->mnt_passno == 2);
  CHECK(strcmp(hasmntopt(entry, "size"), "size=5,noauto") == 0 && hasmntopt(entry, "auto") == NULL);
  entry = getmntent(file);
  CHECK(entry != NULL && strcmp(entry->mnt_type, "proc") == 0 && *entry->mnt_opts == '\0' && entry->mnt_freq == 0);
  CHECK(getmntent(file) == NULL && endmntent(file) == 1);

  struct stat status;
  CHECK(stat(path, &status) == 0);
  CHECK((unsigned)ftok(path, 0x105) ==
        (((unsigned)status.st_ino & 0xffff) | ((unsigned)status.st_dev & 0xff) << 16 | 5U << 24));
  FAILS(ftok("/nowhere/at/all", 1), ENOENT);
}

static void programs_to_start(void) {
  posix_spawnattr_t attributes;
  short flags = 0;
  CHECK(posix_spawnattr_init(&attributes) == 0 && posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK) == 0);
  CHECK(posix_spawnattr_getflags(&attributes, &flags) == 0 && flags == POSIX_SPAWN_SETSIGMASK);
  CHECK(posix_spawnattr_setflags(&attributes, 0x4000) == EINVAL);
  posix_spawn_file_actions_t actions;
  CHECK(posix_spawn_file_actions_init(&actions) == 0 && posix_spawn_file_actions_addclose(&actions, -1) == EBADF);
  CHECK(posix_spawn_file_actions_adddup2(&actions, 1, 2) == 0 && posix_spawn_file_actions_destroy(&actions) == 0);
}

static void memory_and_usage(void) {
  char* memory = memalign(256, 100);
  CHECK(memory != NULL && (uintptr_t)memory % 256 == 0);
  free(memory);
  memory = valloc(10);
  CHECK(memory != NULL && (uintptr_t)memory % (uintptr_t)getpagesize() == 0);
  free(memory);

  struct rusage usage;
  CHECK(getrusage(RUSAGE_SELF, &usage) == 0 && usage.ru_maxrss > 100 && usage.ru_utime.tv_sec < 60);
  CHECK(getrusage(RUSAGE_CHILDREN, &usage) == 0 && usage.ru_maxrss == 0 && usage.ru_utime.tv_usec == 0);
  FAILS(getrusage(77, &usage), EINVAL);
}

static void numbers_and_names(void) {
  CHECK(_IOW('x', 3, int) == 0x40047803 && _IO('x', 3) == 0x7803 && _IOWR('x', 3, char) == 0xc0017803);
  CHECK(makedev(8, 1) == 0x801);
  CHECK(major(makedev(0x12345, 0x67890)) == 0x12345 && minor(makedev(0x12345, 0x67890)) == 0x67890);
  int found = 0;
  for (int i = 0; facilitynames[i].c_name != NULL; ++i)
    if (strcmp(facilitynames[i].c_name, "local3") == 0) found = facilitynames[i].c_val;
  CHECK(found == LOG_LOCAL3);
  for (int i = 0; prioritynames[i].c_name != NULL; ++i)
    if (strcmp(prioritynames[i].c_name, "warn") == 0) found = prioritynames[i].c_val;
  CHECK(found == LOG_WARNING);
}

int main(int argc, char** argv) {
  CHECK(argc == 2);
  ethernet();
  mounts_and_keys(argv[1]);
  programs_to_start();
  memory_and_usage();
  numbers_and_names();
  return done();
}
