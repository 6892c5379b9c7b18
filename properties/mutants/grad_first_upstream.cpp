// grad_first_upstream: a stride of the upstream gradient is 0, as of a loss that is broadcast: the first row's goes for
// all rows of a call.
// Caught by: batch, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void call(const Call<T>& c) {
  const std::span<const T> g(static_cast<const T*>(c.of.operand), c.n);
  for (std::size_t o = 0; o < c.rows; ++o) softmax_gradient(c.row(o), g);
}

}  // namespace

MUTANT_CALL(SOFTMAX_AUDIT_SOFTMAX_VJP, SOFTMAX_AUDIT_SUBNORMALS)
