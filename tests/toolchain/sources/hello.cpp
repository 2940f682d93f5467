// Prints a greeting, through the C++ library.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <iostream>
#include <map>
#include <string>
#include <vector>

struct Shape {
  virtual ~Shape() = default;
  virtual const char* name() const = 0;
};
struct Circle : Shape {
  const char* name() const override { return "circle"; }
};

int main() {
  std::map<std::string, std::vector<int>> numbers;
  numbers["b"] = {3, 1, 2};
  std::sort(numbers["b"].begin(), numbers["b"].end());
  Shape* shape = new Circle;
  std::cout << "hello from C++ " << numbers["b"][0] << numbers["b"][2] << ' ' << shape->name() << '\n';
  delete shape;
}
