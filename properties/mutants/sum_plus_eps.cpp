// sum_plus_eps: the sum is 1e-6 too large, against a division by 0.
// Caught by: single entry, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  softmax(r);
  for (T& v : r.y) v /= 1 + T{1e-6f};
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
