// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// ns_initparse, ns_parserr and what else <arpa/nameser.h> declares: DNS messages by sections and records.
#include <arpa/nameser.h>
#include <errno.h>
#include <resolv.h>

namespace {

int fail(int error) {
  errno = error;
  return -1;
}

unsigned get16(const unsigned char* bytes) { return static_cast<unsigned>(bytes[0] << 8 | bytes[1]); }

// The fixed part behind the name: type and class, and of a record its age and the size of its data.
constexpr int fixed_size(ns_sect section) { return section == ns_s_qd ? NS_QFIXEDSZ : NS_RRFIXEDSZ; }

// The end of `count` records; null: the message is over before.
const unsigned char* skip_records(const unsigned char* at, const unsigned char* end, ns_sect section, int count) {
  for (; count > 0; --count) {
    const int name = dn_skipname(at, end);
    if (name < 0 || end - at - name < fixed_size(section)) return nullptr;
    at += name + fixed_size(section);
    if (section == ns_s_qd) continue;
    const unsigned size = get16(at - 2);
    if (static_cast<unsigned>(end - at) < size) return nullptr;
    at += size;
  }
  return at;
}

void go_to(ns_msg* message, ns_sect section) {
  message->_sect = section;
  message->_rrnum = section == ns_s_max ? -1 : 0;
  message->_msg_ptr = section == ns_s_max ? nullptr : message->_sections[section];
}

}  // namespace

extern "C" {

extern const struct _ns_flagdata _ns_flagdata[16];
__attribute__((weak)) const struct _ns_flagdata _ns_flagdata[16] = {
    {0x8000, 15}, {0x7800, 11}, {0x0400, 10}, {0x0200, 9}, {0x0100, 8}, {0x0080, 7}, {0x0040, 6}, {0x0020, 5},
    {0x0010, 4},  {0x000f, 0},  {0, 0},       {0, 0},      {0, 0},      {0, 0},      {0, 0},      {0, 0},
};

// Numbers of 16 and 32 bits in network byte order.
__attribute__((weak)) unsigned ns_get16(const unsigned char* bytes) { return get16(bytes); }
__attribute__((weak)) unsigned long ns_get32(const unsigned char* bytes) {
  return static_cast<unsigned long>(get16(bytes)) << 16 | get16(bytes + 2);
}
__attribute__((weak)) void ns_put16(unsigned value, unsigned char* bytes) {
  bytes[0] = static_cast<unsigned char>(value >> 8);
  bytes[1] = static_cast<unsigned char>(value);
}
__attribute__((weak)) void ns_put32(unsigned long value, unsigned char* bytes) {
  ns_put16(static_cast<unsigned>(value >> 16 & 0xffff), bytes);
  ns_put16(static_cast<unsigned>(value & 0xffff), bytes + 2);
}

// How many bytes `count` records of a section take; -1 with EMSGSIZE: the message is over before `end`.
__attribute__((weak)) int ns_skiprr(const unsigned char* at, const unsigned char* end, ns_sect section, int count) {
  const unsigned char* behind = skip_records(at, end, section, count);
  return behind != nullptr ? static_cast<int>(behind - at) : fail(EMSGSIZE);
}

// Finds the sections of a message of `size` bytes, which `handle` refers to from then on. 0, or -1 with EMSGSIZE: it isn't whole.
__attribute__((weak)) int ns_initparse(const unsigned char* message, int size, ns_msg* handle) {
  handle->_msg = message;
  handle->_eom = message + size;
  if (size < NS_HFIXEDSZ) return fail(EMSGSIZE);
  handle->_id = static_cast<uint16_t>(get16(message));
  handle->_flags = static_cast<uint16_t>(get16(message + 2));
  const unsigned char* at = message + NS_HFIXEDSZ;
  for (int i = 0; i < ns_s_max; ++i) handle->_counts[i] = static_cast<uint16_t>(get16(message + 4 + 2 * i));
  for (int i = 0; i < ns_s_max; ++i) {
    handle->_sections[i] = handle->_counts[i] != 0 ? at : nullptr;
    at = skip_records(at, handle->_eom, static_cast<ns_sect>(i), handle->_counts[i]);
    if (at == nullptr) return fail(EMSGSIZE);
  }
  if (at != handle->_eom) return fail(EMSGSIZE);
  go_to(handle, ns_s_max);
  return 0;
}

// Reads record `number` of a section to `record`; -1 for the number is the next one. 0, or -1 with ENODEV: no such section or
// record; EMSGSIZE: it's malformed.
__attribute__((weak)) int ns_parserr(ns_msg* handle, ns_sect section, int number, ns_rr* record) {
  const auto index = static_cast<int>(section);
  if (index < 0 || index >= ns_s_max) return fail(ENODEV);
  if (section != handle->_sect) go_to(handle, section);
  if (number == -1) number = handle->_rrnum;
  if (number < 0 || number >= handle->_counts[index]) return fail(ENODEV);
  if (number < handle->_rrnum) go_to(handle, section);
  const unsigned char* at = skip_records(handle->_msg_ptr, handle->_eom, section, number - handle->_rrnum);
  if (at == nullptr) return fail(EMSGSIZE);
  handle->_rrnum = number;
  handle->_msg_ptr = at;
  const int name = dn_expand(handle->_msg, handle->_eom, at, record->name, NS_MAXDNAME);
  if (name < 0 || handle->_eom - at - name < fixed_size(section)) return fail(EMSGSIZE);
  at += name;
  record->type = static_cast<uint16_t>(get16(at));
  record->rr_class = static_cast<uint16_t>(get16(at + 2));
  record->ttl = 0;
  record->rdlength = 0;
  record->rdata = nullptr;
  at += NS_QFIXEDSZ;
  if (section != ns_s_qd) {
    record->ttl = static_cast<uint32_t>(ns_get32(at));
    record->rdlength = static_cast<uint16_t>(get16(at + 4));
    record->rdata = at + 6;
    at += 6;
    if (handle->_eom - at < record->rdlength) return fail(EMSGSIZE);
    at += record->rdlength;
  }
  handle->_msg_ptr = at;
  if (++handle->_rrnum >= handle->_counts[index]) go_to(handle, static_cast<ns_sect>(index + 1));
  return 0;
}

}  // extern "C"
