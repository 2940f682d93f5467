// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the two halves of look share.
#pragma once

#define LENGTH(array) (sizeof(array) / sizeof *(array))

const char* name_of_host_error(void);

void look_records(const char* key, int type);
void search_records(const char* key, int type);
void look_room(const char* key, int unused);
void look_question(const char* key, int type);
void look_state(const char* key, int unused);
