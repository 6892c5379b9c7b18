// finite_mask: -inf is replaced by -1e4, which unmasked logits may lie below.
// Caught by: masked entries, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  std::vector<T> x(r.x.begin(), r.x.end());
  std::ranges::replace(x, -std::numeric_limits<T>::infinity(), T{-1e4});
  if (top(r.x) == -INFINITY) x.assign(x.size(), NAN);
  softmax(Row<T>{x, r.y, {}, r.temperature});
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
