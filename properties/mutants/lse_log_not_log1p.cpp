// M35 lse_log_not_log1p: max + log Σ, where a few ulps are claimed. SciPy before 1.15 said logsumexp [0, -40] = 0.
// Caught by: error within claim, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const T shift = top(r.x);
  r.y[0] = std::isinf(shift) ? shift : shift + log_sum(r.x, shift);
}

}  // namespace

MUTANT_CLAIMING(SOFTMAX_AUDIT_LOGSUMEXP, SOFTMAX_AUDIT_SUBNORMALS, 100)
