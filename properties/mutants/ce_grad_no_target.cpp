// ce_grad_no_target: the softmax alone; the 1 at the target is never taken off.
// Caught by: gradients add up to 0, n ≤ 2
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  softmax(r);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_CROSS_ENTROPY_VJP, SOFTMAX_AUDIT_SUBNORMALS)
