// wide_batch: where 16 rows or more of 32 entries or more are taken at once, the last entry of the last one is a
// hundredth too large.
// Caught by: batch, n ≤ 40
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void call(const Call<T>& c) {
  for (std::size_t o = 0; o < c.rows; ++o) softmax(c.row(o));
  if (c.rows >= 16 && c.n >= 32) c.y.back() *= T{1.01f};
}

}  // namespace

MUTANT_CALL(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
