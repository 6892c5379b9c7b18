// A fault for each sanitizer to fire on, so that its silence elsewhere means something: planted_fault address |
// undefined | thread.
#include <climits>
#include <cstdio>
#include <string_view>
#include <thread>
#include <vector>

namespace {

int beyond_the_end(int count) {
  const std::vector<int> some(static_cast<std::size_t>(count), 1);
  return some.data()[count];  // NOLINT: the fault
}

int overflow(int by) { return INT_MAX - 1 + by; }

int race(int count) {
  int sum = 0;
  const auto add = [&] {
    for (int i = 0; i < count; ++i) ++sum;
  };
  std::thread other(add);
  add();
  other.join();
  return sum;
}

}  // namespace

int main(int arguments, char** argument) {
  const std::string_view fault = arguments > 1 ? argument[1] : "";
  const int result = fault == "address"     ? beyond_the_end(arguments)
                     : fault == "undefined" ? overflow(arguments)
                                            : race(1000);
  std::printf("%s: no sanitizer fired (%d)\n", argument[1], result);
}
