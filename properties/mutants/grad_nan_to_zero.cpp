// grad_nan_to_zero: NaN in the upstream gradient is taken for 0, as nan_to_num in a training loop does.
// Caught by: every lane, n ≤ 2
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  softmax_gradient<T>(r, nan_to_zero(r.operand));
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX_VJP, SOFTMAX_AUDIT_SUBNORMALS)
