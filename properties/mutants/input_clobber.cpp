// M56 input_clobber: the exponentials are written over the input. apex, MPS.
// Caught by: trespassed, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  softmax(r);
  const_cast<volatile T&>(r.x[0]) = r.y[0];
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
