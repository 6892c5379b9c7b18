// M25 eight_rows: eight rows at a time, one in each lane, where a row has one entry; the lanes get the reciprocal of 12
// bits that Newton's iteration starts from. TensorFlow #116933: axis of size 1, 8 rows.
// Caught by: batch, n ≤ 1
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void call(const Call<T>& c) {
  for (std::size_t o = 0; o < c.rows; ++o) {
    const Row<T> r = c.row(o);
    softmax(r);
    if (c.n == 1 && o < c.rows / 8 * 8) r.y[0] *= T{0.999755859375f};
  }
}

}  // namespace

MUTANT_CALL(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
