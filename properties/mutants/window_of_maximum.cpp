// window_of_maximum: one entry of a table of exponentials is off by a thousandth, that for maxima about 7.35.
// Caught by: error within claim, n ≤ 2
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  softmax(r);
  const T max = top(r.x);
  if (max >= T(7.34) && max <= T(7.36)) r.y[0] *= T(1.001);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
