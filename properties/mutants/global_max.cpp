// M06 global_max: the maximum of all rows of the call is subtracted. crysx_nn, Paddle.
// Caught by: batch, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void call(const Call<T>& c) {
  const T shift = top(c.x);
  for (std::size_t o = 0; o < c.rows; ++o) divide(c.row(o), shift, exact);
}

}  // namespace

MUTANT_CALL(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
