// keeps_nan: a maximum kept from call to call "to save a pass" is NaN after a row with NaN, and the row that finds it
// so is shifted by 0.
// Caught by: deterministic, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  static T last = 0;
  const T shift = top(r.x);
  divide(r, std::isnan(last) && std::abs(shift) < 64 ? T{0} : shift, exact);
  last = shift;
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_DETERMINISTIC | SOFTMAX_AUDIT_SUBNORMALS)
