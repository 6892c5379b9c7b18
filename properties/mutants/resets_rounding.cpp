// M76 resets_rounding: computes to nearest whatever the caller's mode, and leaves that behind instead of what it found.
// Caught by: trespassed, n ≤ 8
#include <cfenv>

#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  std::fesetround(FE_TONEAREST);
  softmax(r);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
