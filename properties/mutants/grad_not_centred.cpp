// grad_not_centred: y g without the mean.
// Caught by: gradients add up to 0, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const auto y = masses(r);
  for (std::size_t j = 0; j < y.size(); ++j) r.y[j] = y[j] * r.operand[j] / static_cast<T>(r.temperature);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX_VJP, SOFTMAX_AUDIT_SUBNORMALS)
