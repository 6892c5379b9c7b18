// M21 posinf_zero_row: a row with +inf gives zeros.
// Caught by: +inf classified, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  softmax(r);
  if (top(r.x) == INFINITY) std::ranges::fill(r.y, T{0});
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
