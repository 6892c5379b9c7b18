// M57 alias_forward: in place the results are written before the logits are read again, which ggml did backward.
// Caught by: in place, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const T shift = top(r.x);
  T sum = 0;
  for (const T v : r.x) sum += std::exp((v - shift) / static_cast<T>(r.temperature));
  for (std::size_t j = 0; j < r.x.size(); ++j) {
    r.y[j] = 0;
    r.y[j] = std::exp((r.x[j] - shift) / static_cast<T>(r.temperature)) / sum;
  }
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_IN_PLACE | SOFTMAX_AUDIT_SUBNORMALS)
