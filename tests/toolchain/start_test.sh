# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# How programs begin and end: the forms of main(), constructors, and standard output that nobody reads.

targets=(wasm32-wasi wasm32-wasip2)
ways=("-O0" "-O2" "-O2 -flto")

# forms_of_main FILE COMPILER: each target and way, from an object and from an archive; it prints "right".
forms_of_main() {
  local file=$1 compiler=$2 target way flags
  for target in "${targets[@]}"; do
    for way in "${ways[@]}"; do
      read -r -a flags <<<"$way"
      "$compiler" "--target=$target" "${flags[@]}" -w -c "$file" -o main.o
      rm -f libmain.a
      "$("$posix_env" sh -c 'printf %s "$AR"')" crs libmain.a main.o
      for input in main.o libmain.a; do
        "$compiler" "--target=$target" "${flags[@]}" "$input" -o main.wasm 2>err
        [[ ! -s err ]] || fail "$(<err)"
        expect_equal "$("$run" --env=NAME=value main.wasm one)" right
      done
    done
  done
}

write_main_with_environment() {
  cat >"$1" <<'SOURCE'
#undef _GNU_SOURCE
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int main(int count, char **words, char **environment) {
  int right = count == 2 && strcmp(words[1], "one") == 0 && words[2] == NULL;
  right = right && environment == environ && getenv("NAME") == environment[0] + 5;
  puts(right ? "right" : "wrong");
  return 0;
}
SOURCE
}
case_main_with_environment() {
  write_main_with_environment main.c
  forms_of_main main.c "$cc"
}
case_main_with_environment_in_cplusplus() {
  write_main_with_environment main.cpp
  forms_of_main main.cpp "$cxx"
}

# In C there are more.
case_main_of_other_types() {
  local form
  for form in 'int main(void)' 'int main()' 'int main(int c, char **v)' 'int main(c, v) int c; char **v;' 'void main(void)' \
    'int main(int c)' 'void main(int c, char **v, char **e)'; do
    printf '#include <stdio.h>\n#include <stdlib.h>\n%s { puts("right"); exit(0); }\n' "$form" >main.c
    forms_of_main main.c "$cc"
  done
}

case_main_without_environment_links_silently() {
  forms_of_main "$sources/right.c" "$cc"
}

# Constructors run before main(), and the library must serve them whatever else the program links.
case_constructors_call_everything() {
  local target
  for target in "${targets[@]}"; do
    for trace in "" --trace-sockets; do
      # shellcheck disable=SC2086
      "$cc" "--target=$target" $trace "$sources/constructor.c" -o constructor.wasm
      WASI_POSIX_NETWORK=on "$run" --env=NAME=value constructor.wasm >out 2>err </dev/null || fail "$(cat out err)"
      expect_text out "constructor"
      expect_text out "alarm"
    done
  done
}

# reader_goes HOW DISPOSITION STATUS: standard output without a reader.
reader_goes() {
  local target status
  for target in "${targets[@]}"; do
    "$cc" "--target=$target" "$sources/endless.c" -o endless.wasm
    rm -f told
    status=$(
      trap - ERR
      set +e
      "$run" "--dir=$PWD::/told" endless.wasm "$1" "$2" 2>err | head -c 10 >/dev/null
      echo "${PIPESTATUS[0]}"
    )
    expect_equal "$target $1 $2 $status" "$target $1 $2 $3"
  done
}
case_standard_output_without_a_reader_ends_the_program() {
  local how
  for how in write writev printf duplicate error sendfile; do reader_goes "$how" default 141; done
  reader_goes write restored 141
}
case_standard_output_without_a_reader_ignored() {
  local how
  for how in write writev printf duplicate error sendfile; do reader_goes "$how" ignored 3; done
}
case_standard_output_without_a_reader_handled() { reader_goes write handled 4; }
case_standard_output_without_a_reader_blocked() { reader_goes write blocked 5; }

case_standard_output_that_is_full_is_no_broken_pipe() {
  local target
  for target in "${targets[@]}"; do
    "$cc" "--target=$target" "$sources/endless.c" -o endless.wasm
    local status=0
    "$run" endless.wasm write default >/dev/full 2>err || status=$?
    expect_equal "$status" 6
  done
}
