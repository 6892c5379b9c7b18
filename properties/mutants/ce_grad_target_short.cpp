// ce_grad_target_short: the target is kept in 16 bits with a sign, as if no vocabulary had more than 32767 words.
// Caught by: error within claim, n ≤ 32995
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  softmax(r);
  r.y[r.target & 0x7fff] -= 1;
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_CROSS_ENTROPY_VJP, SOFTMAX_AUDIT_SUBNORMALS)
