// M58 grad_copy: the gradient is handed through. darknet.
// Caught by: gradients add up to 0, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  std::ranges::copy(r.operand, r.y.begin());
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX_VJP, SOFTMAX_AUDIT_SUBNORMALS)
