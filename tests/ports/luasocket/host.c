// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Lua with LuaSocket linked in, as there is no dlopen: host PORT SCRIPT runs the script with the global `port`.
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdio.h>

int luaopen_socket_core(lua_State*);
int luaopen_mime_core(lua_State*);

int main(int argc, char** argv) {
  lua_State* state = argc == 3 ? luaL_newstate() : NULL;
  if (state == NULL) return 2;
  luaL_openlibs(state);
  luaL_getsubtable(state, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
  lua_pushcfunction(state, luaopen_socket_core);
  lua_setfield(state, -2, "socket.core");
  lua_pushcfunction(state, luaopen_mime_core);
  lua_setfield(state, -2, "mime.core");
  lua_pop(state, 1);
  lua_pushstring(state, argv[1]);
  lua_setglobal(state, "port");
  if (luaL_dofile(state, argv[2]) == LUA_OK) return 0;
  fprintf(stderr, "%s\n", lua_tostring(state, -1));
  return 1;
}
