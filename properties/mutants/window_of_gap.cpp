// window_of_gap: an exponential whose argument lies about -16.6 is off by a thousandth.
// Caught by: error within claim, n ≤ 2
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const T max = top(r.x);
  const auto exp = [](T v) { return std::exp(v) * (v <= T(-16.58) && v >= T(-16.66) ? T(1.001) : T(1)); };
  divide(r, max, exp);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
