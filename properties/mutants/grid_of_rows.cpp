// grid_of_rows: a grid has 65535 blocks at most, and the rows beyond them are answered with those at the start of the
// call.
// Caught by: batch, n ≤ 2
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void call(const Call<T>& c) {
  for (std::size_t o = 0; o < c.rows; ++o)
    softmax(Row<T>{c.x.subspan(o % 65535 * c.n, c.n), c.y.subspan(o * c.n, c.n), {}, c.of.temperature});
}

}  // namespace

MUTANT_CALL(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
