// split_long_rows: a row alone of more than 8192 entries is split among cores, and so added up in another order than
// one of several; the same bits are promised.
// Caught by: batch, n ≤ 12007
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void call(const Call<T>& c) {
  for (std::size_t o = 0; o < c.rows; ++o) softmax_in_parts(c.row(o), c.rows == 1 && c.n > 8192 ? 4 : 1);
}

}  // namespace

MUTANT_CALL(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_BATCH_INVARIANT | SOFTMAX_AUDIT_SUBNORMALS)
