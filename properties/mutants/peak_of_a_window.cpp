// peak_of_a_window: rows of 200 to 255 entries are taken in two passes, and the last eight entries are not in the
// maximum.
// Caught by: error within claim, n ≤ 255
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const std::size_t n = r.x.size();
  const bool two_passes = n >= 200 && n < 256 && !std::isnan(top(r.x));
  const T shift = top(r.x.first(two_passes ? n - 8 : n));
  divide(r, std::isfinite(shift) ? shift : top(r.x), exact);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
