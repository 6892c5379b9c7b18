// skips_nan: of a row of more than 16 entries with NaN nothing is written.
// Caught by: output written, input kept, n ≤ 40
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  if (r.x.size() <= 16 || !std::isnan(top(r.x))) softmax(r);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
