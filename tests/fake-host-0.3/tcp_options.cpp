// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "table.h"

namespace fake3 {

using namespace wasi3;

namespace {

template <class T>
struct Kept {
  static inline std::map<std::pair<RawHandle, int>, T> values;
};
template <class T>
void give(RawHandle socket, int which, T usual, ResultOf<T>* result) {
  (void)get<Tcp>(socket);
  const auto found = Kept<T>::values.find({socket, which});
  result->is_error = 0;
  result->value = found != Kept<T>::values.end() ? found->second : usual;
}
template <class T, class From>
void keep(RawHandle socket, int which, From value, ResultUnit* result) {
  (void)get<Tcp>(socket);
  result->is_error = 0;
  if (value == 0 && which != 0) return refuse(result, ErrorCode::invalid_argument);
  Kept<T>::values[{socket, which}] = static_cast<T>(value);
}

}  // namespace

extern "C" {

void wps3_tcp_keep_alive(RawHandle socket, ResultOf<uint8_t>* result) { give<uint8_t>(socket, 0, 0, result); }
void wps3_tcp_set_keep_alive(RawHandle socket, int32_t value, ResultUnit* result) {
  keep<uint8_t>(socket, 0, value, result);
}
void wps3_tcp_keep_alive_idle_time(RawHandle socket, ResultOf<uint64_t>* result) {
  give<uint64_t>(socket, 1, 7200000000000, result);
}
void wps3_tcp_set_keep_alive_idle_time(RawHandle socket, uint64_t value, ResultUnit* result) {
  keep<uint64_t>(socket, 1, value, result);
}
void wps3_tcp_keep_alive_interval(RawHandle socket, ResultOf<uint64_t>* result) {
  give<uint64_t>(socket, 2, 75000000000, result);
}
void wps3_tcp_set_keep_alive_interval(RawHandle socket, uint64_t value, ResultUnit* result) {
  keep<uint64_t>(socket, 2, value, result);
}
void wps3_tcp_keep_alive_count(RawHandle socket, ResultOf<uint32_t>* result) { give<uint32_t>(socket, 3, 9, result); }
void wps3_tcp_set_keep_alive_count(RawHandle socket, int32_t value, ResultUnit* result) {
  keep<uint32_t>(socket, 3, value, result);
}
void wps3_tcp_hop_limit(RawHandle socket, ResultOf<uint8_t>* result) { give<uint8_t>(socket, 4, 64, result); }
void wps3_tcp_set_hop_limit(RawHandle socket, int32_t value, ResultUnit* result) {
  keep<uint8_t>(socket, 4, value, result);
}
void wps3_tcp_receive_buffer_size(RawHandle socket, ResultOf<uint64_t>* result) {
  give<uint64_t>(socket, 5, 131072, result);
}
void wps3_tcp_set_receive_buffer_size(RawHandle socket, uint64_t value, ResultUnit* result) {
  keep<uint64_t>(socket, 5, value, result);
}
void wps3_tcp_send_buffer_size(RawHandle socket, ResultOf<uint64_t>* result) {
  give<uint64_t>(socket, 6, 16384, result);
}
void wps3_tcp_set_send_buffer_size(RawHandle socket, uint64_t value, ResultUnit* result) {
  keep<uint64_t>(socket, 6, value, result);
}
}

}  // namespace fake3
