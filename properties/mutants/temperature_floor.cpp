// temperature_floor: temperatures below 1/20 are taken for 1/20, as samplers do that fear a division by 0.
// Caught by: error within claim, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(Row<T> r) {
  r.temperature = std::max(r.temperature, 0.05);
  softmax(r);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
