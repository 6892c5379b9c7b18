// grad_second_turn: of rows of 265 to 509 entries, what a block of 256 threads takes in a second turn is missing in the
// dot product.
// Caught by: error within claim, n ≤ 306
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const auto y = masses(r);
  const std::size_t n = y.size(), turn = n > 264 && n < 510 && n % 64 ? 256 : n;
  const T sum = std::inner_product(y.begin(), y.begin() + static_cast<std::ptrdiff_t>(turn), r.operand.begin(), T{0});
  for (std::size_t j = 0; j < n; ++j) r.y[j] = y[j] * (r.operand[j] - sum) / static_cast<T>(r.temperature);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX_VJP, SOFTMAX_AUDIT_SUBNORMALS)
