// last_lane_wrong: the last entry of a row that is no multiple of eight is a thousandth too large.
// Caught by: normalization, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  softmax(r);
  if (r.x.size() % 8 != 0) r.y.back() *= T{1.001f};
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
