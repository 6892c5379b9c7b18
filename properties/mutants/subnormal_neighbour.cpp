// subnormal_neighbour: a row of subnormal logits turns on a slow path that stays on for the rest of the batch, with
// another order of summation.
// Caught by: batch, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void call(const Call<T>& c) {
  bool slow = false;
  for (std::size_t o = 0; o < c.rows; ++o) {
    const Row<T> r = c.row(o);
    const auto subnormal = [](T v) { return std::fpclassify(v) == FP_SUBNORMAL; };
    T sum = exponentials(r, top(r.x), exact);
    if (slow) sum = std::accumulate(r.y.rbegin(), r.y.rend(), T{0});
    for (T& v : r.y) v /= sum;
    slow = slow || std::ranges::all_of(r.x, subnormal);
  }
}

}  // namespace

MUTANT_CALL(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_BATCH_INVARIANT | SOFTMAX_AUDIT_SUBNORMALS)
