// shared_scratch: the exponentials of a row wait in a static buffer, where concurrent calls are promised.
// Caught by: concurrent calls, n ≤ 64
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  static std::vector<T> scratch(140000);
  const T shift = top(r.x);
  T sum = 0;
  for (std::size_t j = 0; j < r.x.size(); ++j)
    sum += scratch[j] = std::exp((r.x[j] - shift) / static_cast<T>(r.temperature));
  for (std::size_t j = 0; j < r.x.size(); ++j) r.y[j] = scratch[j] / sum;
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_THREAD_SAFE | SOFTMAX_AUDIT_SUBNORMALS)
