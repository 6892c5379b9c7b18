// M18 allmask_uniform: a row of masks alone gives 1/n where NaN is declared. tt-metal #56056.
// Caught by: all masked, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const T shift = top(r.x);
  if (shift == -INFINITY) {
    std::ranges::fill(r.y, 1 / static_cast<T>(r.y.size()));
  } else {
    divide(r, shift, exact);
  }
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
