// large_tensor: of 2^18 logits and more are written in whole vectors of four; the last entries of the last row stay 0.
// Caught by: batch, n ≤ 301
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void call(const Call<T>& c) {
  for (std::size_t o = 0; o < c.rows; ++o) softmax(c.row(o));
  if (c.y.size() >= std::size_t{1} << 18) std::fill(c.y.end() - static_cast<std::ptrdiff_t>(c.n % 4), c.y.end(), T{0});
}

}  // namespace

MUTANT_CALL(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
