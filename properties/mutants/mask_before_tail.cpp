// mask_before_tail: with a mask in front, the entry after it is a hundredth too large in rows of a vector of 32 and one
// entry more.
// Caught by: error within claim, n ≤ 33
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  softmax(r);
  if (r.x.size() == 33 && r.x[0] == -INFINITY) r.y[1] *= T{1.01};
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
