// grad_nan_in_long_rows: in rows of more than 256 entries NaN in the upstream gradient is taken for 0.
// Caught by: NaN shows, n ≤ 300
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  if (r.x.size() > 256)
    softmax_gradient<T>(r, nan_to_zero(r.operand));
  else
    softmax_gradient(r, r.operand);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX_VJP, SOFTMAX_AUDIT_SUBNORMALS)
