// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the objects of wit-bindings/host.h are over the scripted host: owners of its models.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace posix_sockets::host {

using SourceId = int32_t;

// Whether a write takes all that room() has just said.
constexpr bool room_is_promised = true;

namespace parts {

class Source {
 public:
  Source() = default;
  explicit Source(SourceId id) : id_(id) {}
  Source(Source&& other) noexcept : id_(other.id_) { other.id_ = 0; }
  Source& operator=(Source&& other) noexcept;
  ~Source() { reset(); }
  explicit operator bool() const { return id_ != 0; }
  SourceId id() const { return id_; }
  void reset();

 private:
  SourceId id_ = 0;
};

// Owns a model; `drop` is defined beside it.
template <class Model>
class Owner {
 public:
  Owner() = default;
  explicit Owner(Model* model) : model_(model) {}
  Owner(Owner&& other) noexcept : model_(other.release()) {}
  Owner& operator=(Owner&& other) noexcept {
    if (this != &other) {
      if (model_ != nullptr) drop(model_);
      model_ = other.release();
    }
    return *this;
  }
  ~Owner() {
    if (model_ != nullptr) drop(model_);
  }
  explicit operator bool() const { return model_ != nullptr; }
  Model* operator->() const { return model_; }
  Model& operator*() const { return *model_; }
  Model* release() {
    Model* model = model_;
    model_ = nullptr;
    return model;
  }

 private:
  Model* model_ = nullptr;
};

struct TcpModel;
struct ConnectionModel;
struct DatagramModel;
struct LookupModel;
void drop(TcpModel* model);
void drop(ConnectionModel* model);
void drop(DatagramModel* model);
void drop(LookupModel* model);

// The sources come last, so that they go first.
struct TcpSocket {
  explicit operator bool() const { return static_cast<bool>(model); }
  Owner<TcpModel> model;
  Source source;
};
struct Connection {
  explicit operator bool() const { return static_cast<bool>(model); }
  Owner<ConnectionModel> model;
  Source readable;
  Source writable;
};
struct DatagramSocket {
  explicit operator bool() const { return static_cast<bool>(model); }
  bool is_open() const;
  Owner<DatagramModel> model;
  Source readable;
  Source writable;
};
struct Lookup {
  Owner<LookupModel> model;
  Source source;
};
struct Timer {
  uint64_t instant = 0;
  Source source;
};
struct StandardInput {
  Source source;
};

}  // namespace parts
}  // namespace posix_sockets::host
