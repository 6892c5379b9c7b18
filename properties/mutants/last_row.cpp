// last_row: the last row of a batch of an odd number is shifted by the maximum of the row before.
// Caught by: batch, n ≤ 2
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void call(const Call<T>& c) {
  for (std::size_t o = 0; o < c.rows; ++o) {
    const bool alone = o + 1 == c.rows && o > 0 && o % 2 == 0;
    const auto own = c.x.subspan(o * c.n, c.n), seen = alone ? c.x.subspan((o - 1) * c.n, c.n) : own;
    const T shift = top(seen);
    divide(Row<T>{own, c.y.subspan(o * c.n, c.n), {}, c.of.temperature}, shift == -INFINITY ? top(own) : shift, exact);
  }
}

}  // namespace

MUTANT_CALL(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
