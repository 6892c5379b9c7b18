// late_maximum: the maximum is looked for in whole vectors of 64 only, so that one in the tail of a long row is missed.
// Caught by: error within claim, n ≤ 65
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const std::size_t n = r.x.size();
  const T seen = top(r.x.first(n < 64 ? n : n / 64 * 64)), all = top(r.x);
  divide(r, all - seen > 4 ? seen + 4 : all, [&](T v) { return std::exp(v > 0 ? T{0} : v); });
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
