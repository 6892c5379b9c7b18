// place_in_batch: odd rows sum backwards, where a row alone decides its bits.
// Caught by: batch, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void call(const Call<T>& c) {
  for (std::size_t o = 0; o < c.rows; ++o) {
    const Row<T> r = c.row(o);
    exponentials(r, top(r.x), exact);
    const T sum =
        o % 2 ? std::accumulate(r.y.rbegin(), r.y.rend(), T{0}) : std::accumulate(r.y.begin(), r.y.end(), T{0});
    for (T& v : r.y) v /= sum;
  }
}

}  // namespace

MUTANT_CALL(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_BATCH_INVARIANT | SOFTMAX_AUDIT_SUBNORMALS)
