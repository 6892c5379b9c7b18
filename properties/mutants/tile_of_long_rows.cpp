// tile_of_long_rows: rows of 64 entries and more are answered sixteen at a time; those left over are shifted by the
// maximum of the first of them.
// Caught by: batch, n ≤ 301
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void call(const Call<T>& c) {
  const std::size_t whole = c.n < 64 || c.rows < 16 ? c.rows : c.rows / 16 * 16;
  for (std::size_t o = 0; o < c.rows; ++o) {
    const std::size_t shifted_by = o < whole ? o : whole;
    const Row<T> r = c.row(o);
    divide(r, top(c.x.subspan(shifted_by * c.n, c.n)), exact);
  }
}

}  // namespace

MUTANT_CALL(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
