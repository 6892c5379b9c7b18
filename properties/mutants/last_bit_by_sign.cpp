// last_bit_by_sign: the last bit of the first result depends on the sign of the maximum, where the same bits are
// promised of a shifted row.
// Caught by: shift invariance, exact, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  softmax(r);
  if (r.x.size() > 1 && top(r.x) > 0) r.y[0] = std::nextafter(r.y[0], T{0});
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SHIFT_EXACT | SOFTMAX_AUDIT_SUBNORMALS)
