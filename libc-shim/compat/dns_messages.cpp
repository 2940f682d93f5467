// Reading the records of a DNS message (RFC 1035, 4.1). Messages come from strangers.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <arpa/nameser.h>
#include <resolv.h>

#include "fail.h"

using posix_sockets::compat::fail;

extern "C" {

extern const struct _ns_flagdata _ns_flagdata[16];
const struct _ns_flagdata _ns_flagdata[16] = {
    {0x8000, 15}, {0x7800, 11}, {0x0400, 10}, {0x0200, 9}, {0x0100, 8}, {0x0080, 7}, {0x0040, 6}, {0x0020, 5},
    {0x0010, 4},  {0x000f, 0},  {0, 0},       {0, 0},      {0, 0},      {0, 0},      {0, 0},      {0, 0},
};

unsigned ns_get16(const unsigned char* at) { return static_cast<unsigned>(at[0] << 8 | at[1]); }
unsigned long ns_get32(const unsigned char* at) {
  return static_cast<unsigned long>(ns_get16(at)) << 16 | ns_get16(at + 2);
}
void ns_put16(unsigned value, unsigned char* at) {
  at[0] = static_cast<unsigned char>(value >> 8);
  at[1] = static_cast<unsigned char>(value);
}
void ns_put32(unsigned long value, unsigned char* at) {
  ns_put16(static_cast<unsigned>(value >> 16), at);
  ns_put16(static_cast<unsigned>(value & 0xffff), at + 2);
}

// Returns how many bytes so many records of a section take. EMSGSIZE: they aren't whole.
int ns_skiprr(const unsigned char* start, const unsigned char* end, ns_sect section, int count) {
  const unsigned char* at = start;
  for (; count > 0; --count) {
    const int name = dn_skipname(at, end);
    if (name < 0) return fail(EMSGSIZE);
    at += name;
    const size_t fixed = section == ns_s_qd ? 4 : 10;
    if (static_cast<size_t>(end - at) < fixed) return fail(EMSGSIZE);
    const size_t data = section == ns_s_qd ? 0 : ns_get16(at + 8);
    at += fixed;
    if (static_cast<size_t>(end - at) < data) return fail(EMSGSIZE);
    at += data;
  }
  return static_cast<int>(at - start);
}

// EMSGSIZE: not a whole message, or there is more than one.
int ns_initparse(const unsigned char* message, int size, ns_msg* handle) {
  if (size < NS_HFIXEDSZ) return fail(EMSGSIZE);
  const unsigned char* at = message;
  handle->_msg = message;
  handle->_eom = message + size;
  handle->_id = static_cast<uint16_t>(ns_get16(at));
  handle->_flags = static_cast<uint16_t>(ns_get16(at + 2));
  at += 4;
  for (uint16_t& count : handle->_counts) {
    count = static_cast<uint16_t>(ns_get16(at));
    at += 2;
  }
  for (int i = 0; i < ns_s_max; ++i) {
    handle->_sections[i] = nullptr;
    if (handle->_counts[i] == 0) continue;
    handle->_sections[i] = at;
    const int taken = ns_skiprr(at, handle->_eom, static_cast<ns_sect>(i), handle->_counts[i]);
    if (taken < 0) return -1;
    at += taken;
  }
  if (at != handle->_eom) return fail(EMSGSIZE);
  handle->_sect = ns_s_max;
  handle->_rrnum = -1;
  handle->_msg_ptr = nullptr;
  return 0;
}

// Reads a record of a section; number -1 is the next. ENODEV: there is none. EMSGSIZE: it isn't whole.
int ns_parserr(ns_msg* handle, ns_sect section, int number, ns_rr* record) {
  if (section < 0 || section >= ns_s_max) return fail(ENODEV);
  if (section != handle->_sect) {
    handle->_sect = section;
    handle->_rrnum = 0;
    handle->_msg_ptr = handle->_sections[section];
  }
  if (number == -1) number = handle->_rrnum;
  if (number < 0 || number >= handle->_counts[section]) return fail(ENODEV);
  if (number < handle->_rrnum) {
    handle->_rrnum = 0;
    handle->_msg_ptr = handle->_sections[section];
  }
  const int skipped = ns_skiprr(handle->_msg_ptr, handle->_eom, section, number - handle->_rrnum);
  if (skipped < 0) return -1;
  const unsigned char* at = handle->_msg_ptr + skipped;
  const int name = dn_expand(handle->_msg, handle->_eom, at, record->name, NS_MAXDNAME);
  if (name < 0) return -1;
  at += name;
  if (handle->_eom - at < (section == ns_s_qd ? 4 : 10)) return fail(EMSGSIZE);
  record->type = static_cast<uint16_t>(ns_get16(at));
  record->rr_class = static_cast<uint16_t>(ns_get16(at + 2));
  record->ttl = 0;
  record->rdlength = 0;
  record->rdata = nullptr;
  at += 4;
  if (section != ns_s_qd) {
    record->ttl = static_cast<uint32_t>(ns_get32(at));
    record->rdlength = static_cast<uint16_t>(ns_get16(at + 4));
    at += 6;
    if (handle->_eom - at < record->rdlength) return fail(EMSGSIZE);
    record->rdata = at;
    at += record->rdlength;
  }
  handle->_rrnum = number + 1;
  handle->_msg_ptr = at;
  return 0;
}

}  // extern "C"
