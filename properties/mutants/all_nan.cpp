// M80 all_nan: every answer is NaN, which a comparison by `error > tolerance` lets pass.
// Caught by: error within claim, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  std::ranges::fill(r.y, std::numeric_limits<T>::quiet_NaN());
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
