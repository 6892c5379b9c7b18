// remembers_batch: after a call of several rows the next one sums backwards, where the same bits are promised.
// Caught by: deterministic, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void call(const Call<T>& c) {
  static thread_local bool backwards = false;
  for (std::size_t o = 0; o < c.rows; ++o) {
    const Row<T> r = c.row(o);
    T sum = exponentials(r, top(r.x), exact);
    if (backwards) sum = std::accumulate(r.y.rbegin(), r.y.rend(), T{0});
    for (T& v : r.y) v /= sum;
  }
  backwards = c.rows > 4;
}

}  // namespace

MUTANT_CALL(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_DETERMINISTIC | SOFTMAX_AUDIT_SUBNORMALS)
