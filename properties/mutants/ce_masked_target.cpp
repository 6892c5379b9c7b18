// ce_masked_target: the loss of a masked target is 0, as if it were to be ignored.
// Caught by: masked target, n ≤ 2
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const T max = top(r.x), target = r.x[r.target];
  const bool masked = target == -std::numeric_limits<T>::infinity() && std::isfinite(max);
  r.y[0] = masked ? 0 : log_sum(r.x, max) + (max - target);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_CROSS_ENTROPY, SOFTMAX_AUDIT_SUBNORMALS)
