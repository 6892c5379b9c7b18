// uniform: 1/n whatever the row.
// Caught by: error within claim, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  std::ranges::fill(r.y, 1 / static_cast<T>(r.y.size()));
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
