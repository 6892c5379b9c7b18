// M63 ce_pad_target: the last class of a full vector of eight counts as padding, and costs nothing. Apple CCE.
// Caught by: error within claim, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const T shift = top(r.x);
  r.y[0] = shift - r.x[r.target] + log_sum(r.x, shift);
  if (r.x.size() % 8 == 0 && r.target + 1 == r.x.size() && !std::isnan(shift)) r.y[0] = 0;
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_CROSS_ENTROPY, SOFTMAX_AUDIT_SUBNORMALS)
