// M05 shift_mean: the mean is subtracted, not the maximum. The style of old TensorFlow.
// Caught by: error within claim, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const T mean = std::accumulate(r.x.begin(), r.x.end(), T{0}) / static_cast<T>(r.x.size());
  divide(r, mean, exact);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
