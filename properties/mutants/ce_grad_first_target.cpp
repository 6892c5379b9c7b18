// ce_grad_first_target: the target of the first row of a call is taken for that of all.
// Caught by: batch, n ≤ 2
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void call(const Call<T>& c) {
  for (std::size_t row = 0; row < c.rows; ++row) {
    const auto x = c.x.subspan(row * c.n, c.n);
    const auto y = c.y.subspan(row * c.n, c.n);
    softmax(Row<T>{x, y, {}, 1, 0, nullptr});
    y[static_cast<std::size_t>(c.of.target[0])] -= 1;
  }
}

}  // namespace

MUTANT_CALL(SOFTMAX_AUDIT_CROSS_ENTROPY_VJP, SOFTMAX_AUDIT_SUBNORMALS)
