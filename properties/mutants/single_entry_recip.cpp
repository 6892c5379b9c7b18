// single_entry_recip: a row of one entry is multiplied by an approximate reciprocal of its sum, within what is claimed.
// TensorFlow #116933.
// Caught by: single entry, n ≤ 1
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  softmax(r);
  if (r.x.size() == 1) r.y[0] *= 1 - 8 * std::numeric_limits<T>::epsilon();
}

}  // namespace

MUTANT_CLAIMING(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS, 1e4)
