// ce_target_before_masks: the target moves down by one where the entry before it is masked.
// Caught by: masked entries, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const std::size_t seen = r.target > 0 && r.x[r.target - 1] == -INFINITY ? r.target - 1 : r.target;
  const T shift = top(r.x);
  r.y[0] = shift - r.x[seen] + log_sum(r.x, shift);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_CROSS_ENTROPY, SOFTMAX_AUDIT_SUBNORMALS)
