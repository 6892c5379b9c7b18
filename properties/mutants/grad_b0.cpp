// M60 grad_b0: where the upstream gradient is 0, so is the result. JAX #22398.
// Caught by: gradients add up to 0, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const auto y = masses(r);
  const T sum = dot<T>(y, r.operand);
  for (std::size_t j = 0; j < y.size(); ++j)
    r.y[j] = r.operand[j] == 0 && r.x[j] == r.x[j] ? T{0} : y[j] * (r.operand[j] - sum) / static_cast<T>(r.temperature);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX_VJP, SOFTMAX_AUDIT_SUBNORMALS)
