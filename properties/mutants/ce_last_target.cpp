// ce_last_target: the last class of a row of 96 has the loss of another.
// Caught by: error within claim, n ≤ 96
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const T max = top(r.x);
  const std::size_t target = r.x.size() == 96 && r.target == 95 ? 0 : r.target;
  r.y[0] = log_sum(r.x, max) + (max - r.x[target]) + (target == r.target ? 0 : 1);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_CROSS_ENTROPY, SOFTMAX_AUDIT_SUBNORMALS)
