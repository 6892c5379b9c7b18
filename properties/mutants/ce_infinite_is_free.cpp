// ce_infinite_is_free: a row whose largest logit is +inf counts as learnt, whatever its target.
// Caught by: +inf classified, n ≤ 4
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const T shift = top(r.x);
  r.y[0] = std::isinf(shift) && shift > 0 ? 0 : log_sum(r.x, shift) - (r.x[r.target] - shift);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_CROSS_ENTROPY, SOFTMAX_AUDIT_SUBNORMALS)
