// peak_of_first_block: the maximum is that of the first 1024 entries, as many as a block of threads looks at.
// Caught by: error within claim, n ≤ 4096
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const T first = top(r.x.first(std::min<std::size_t>(1024, r.x.size()))), all = top(r.x);
  divide(r, std::isfinite(first) && !std::isnan(all) ? first : all, exact);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
