// M26 exp2_int_only: the fraction of the exponent is lost. NNPACK.
// Caught by: error within claim, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  divide(r, top(r.x), [](T v) { return std::exp2(std::floor(v * static_cast<T>(1.4426950408889634))); });
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
