// all_zeros: zeros, which a tolerance of 1e-2 lets pass on rows of 4096.
// Caught by: normalization, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  std::ranges::fill(r.y, T{0});
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
