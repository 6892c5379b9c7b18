// M03 max_init_zero: the maximum starts at 0. NNlib.
// Caught by: shift invariance, exact, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  divide(r, top(r.x, T{0}), exact);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
