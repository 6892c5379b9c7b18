// M20 nan_swallowed: a maximum by fmax drops NaN, and so does the exponential.
// Caught by: NaN shows, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  T shift = -std::numeric_limits<T>::infinity();
  for (const T v : r.x) shift = std::fmax(shift, v);
  divide(r, shift, [](T v) { return std::isnan(v) ? T{0} : std::exp(v); });
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
