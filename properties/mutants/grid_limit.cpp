// grid_limit: of more rows than 4096 those that follow are computed from the wrong place, as where a grid of blocks is
// cut off at its limit.
// Caught by: batch, n ≤ 1
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void call(const Call<T>& c) {
  for (std::size_t i = 0; i < c.rows; ++i) {
    softmax(c.row(i));
    if (i >= 4096) c.y[i * c.n] /= 2;
  }
}

}  // namespace

MUTANT_CALL(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
