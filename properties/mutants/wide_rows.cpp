// wide_rows: from 1700 entries on the sum is that of partial sums of 1024, and forgets the last part where it is not
// whole.
// Caught by: error within claim, n ≤ 1700
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const std::size_t n = r.x.size(), summed = n < 1700 ? n : n / 1024 * 1024;
  exponentials(r, top(r.x), exact);
  const T sum = std::accumulate(r.y.begin(), r.y.begin() + static_cast<std::ptrdiff_t>(summed), T{0});
  for (T& v : r.y) v /= sum;
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
