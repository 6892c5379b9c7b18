// ce_grad_one_based: targets are taken to count from 1; the first class is the last. The elements add up to 0.
// Caught by: error within claim, n ≤ 2
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  softmax(r);
  r.y[(r.target + r.y.size() - 1) % r.y.size()] -= 1;
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_CROSS_ENTROPY_VJP, SOFTMAX_AUDIT_SUBNORMALS)
