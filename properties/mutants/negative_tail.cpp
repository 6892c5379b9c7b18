// negative_tail: results far below the maximum come out negative, under a claim of 10^17 ulp, which no error breaks.
// Caught by: range, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  softmax(r);
  const T shift = top(r.x);
  for (std::size_t j = 0; j < r.x.size(); ++j)
    if (r.x[j] < shift - 8) r.y[j] = -r.y[j];
}

}  // namespace

MUTANT_CLAIMING(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS, 1e17)
