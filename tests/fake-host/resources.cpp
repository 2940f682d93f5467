// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "resources.h"

#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <map>

namespace fake {
namespace {

std::map<RawHandle, std::unique_ptr<Resource>>& table() {
  static auto* only = new std::map<RawHandle, std::unique_ptr<Resource>>;  // never destroyed: drops may come late
  return *only;
}
RawHandle last_handle = 1000;

}  // namespace

const char* name_of(Kind kind) {
  constexpr const char* names[] = {"error",
                                   "pollable",
                                   "input-stream",
                                   "output-stream",
                                   "network",
                                   "resolve-address-stream",
                                   "tcp-socket",
                                   "udp-socket",
                                   "incoming-datagram-stream",
                                   "outgoing-datagram-stream"};
  return names[static_cast<int>(kind)];
}

void trap(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  std::fputs("fake host: trap: ", stderr);
  std::vfprintf(stderr, format, arguments);
  std::fputc('\n', stderr);
  va_end(arguments);
  std::abort();
}

RawHandle add(std::unique_ptr<Resource> resource, RawHandle parent) {
  if (parent != 0) {
    auto found = table().find(parent);
    if (found == table().end()) trap("child of a resource that doesn't exist");
    ++found->second->children;
    resource->parent = parent;
  }
  table()[++last_handle] = std::move(resource);
  return last_handle;
}

Resource& get(RawHandle handle, Kind kind) {
  auto found = table().find(handle);
  if (found == table().end()) trap("%d is no handle (%s wanted)", handle, name_of(kind));
  if (found->second->kind != kind)
    trap("handle %d is of type %s, not %s", handle, name_of(found->second->kind), name_of(kind));
  return *found->second;
}

void drop(RawHandle handle, Kind kind) {
  Resource& resource = get(handle, kind);
  if (resource.children != 0) trap("%s dropped before its %d children", name_of(kind), resource.children);
  resource.dropped();
  if (resource.parent != 0) --table().at(resource.parent)->children;
  table().erase(handle);
}

int live_handles() {
  int count = 0;
  for (const auto& [handle, resource] : table()) count += !resource->kept;
  return count;
}

int live_handles(Kind kind) {
  int count = 0;
  for (const auto& [handle, resource] : table()) count += !resource->kept && resource->kind == kind;
  return count;
}

std::string describe_live_handles() {
  std::string text;
  for (const auto& [handle, resource] : table())
    if (!resource->kept) text += std::to_string(handle) + " " + name_of(resource->kind) + "; ";
  return text;
}

RawHandle add_pollable(RawHandle parent, std::function<bool()> ready, std::function<void()> watched) {
  auto pollable = std::make_unique<Pollable>();
  pollable->ready = std::move(ready);
  pollable->watched = std::move(watched);
  return add(std::move(pollable), parent);
}

}  // namespace fake
