// nan_lost_at_lane: one lane of 64 goes through fmax, which drops a NaN, and what is nothing has no exponential.
// Caught by: every lane, n ≤ 48
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  std::vector<T> x(r.x.begin(), r.x.end());
  if (x.size() > 41 && std::isnan(x[41])) x[41] = -std::numeric_limits<T>::infinity();
  softmax(Row<T>{x, r.y, {}, r.temperature});
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
