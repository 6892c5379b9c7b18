// grad_without_temperature: the gradient with respect to x / τ, not x.
// Caught by: temperature, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const auto y = masses(r);
  const T sum = dot<T>(y, r.operand);
  for (std::size_t j = 0; j < y.size(); ++j) r.y[j] = y[j] * (r.operand[j] - sum);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX_VJP, SOFTMAX_AUDIT_SUBNORMALS)
