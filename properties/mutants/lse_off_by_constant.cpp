// lse_off_by_constant: the logarithm is 1.0001 times too large, which no sum of a row shows.
// Caught by: error within claim, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const T shift = top(r.x);
  r.y[0] = std::isinf(shift) ? shift : shift + log_sum(r.x, shift) * T{1.0001f};
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_LOGSUMEXP, SOFTMAX_AUDIT_SUBNORMALS)
