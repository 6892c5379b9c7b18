// nearly_one: a temperature that differs from 1 by less than 1e-4 "is" 1, and saves a division.
// Caught by: temperature limits, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  softmax(Row<T>{r.x, r.y, {}, std::abs(r.temperature - 1) < 1e-4 ? 1 : r.temperature});
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
