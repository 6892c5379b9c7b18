// temperature_clamped: no temperature below 2^-100, "to be safe": far out of reach of the temperatures that anyone
// tries.
// Caught by: temperature limits, n ≤ 2
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  softmax(Row<T>{r.x, r.y, {}, std::max(r.temperature, 0x1p-100)});
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
