// leaves_rounding: rounds upwards for a bound of its own, and leaves that mode to its caller.
// Caught by: trespassed, n ≤ 8
#include <cfenv>

#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  softmax(r);
  std::fesetround(FE_UPWARD);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
