// ce_big: logsumexp(x) - x[target], which a common offset ruins. PyTorch #38839 for a loss.
// Caught by: error within claim, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const T shift = top(r.x);
  r.y[0] = (shift + log_sum(r.x, shift)) - r.x[r.target];
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_CROSS_ENTROPY, SOFTMAX_AUDIT_SUBNORMALS)
