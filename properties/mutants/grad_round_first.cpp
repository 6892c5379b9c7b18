// M61 grad_round_first: the mass is rounded to 8 bits before it is subtracted. FLA.
// Caught by: gradients add up to 0, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const auto y = masses(r);
  const T sum = std::accumulate(r.operand.begin(), r.operand.end(), T{0});
  for (std::size_t j = 0; j < y.size(); ++j) {
    int exponent = 0;
    const T rounded = std::ldexp(std::round(std::ldexp(std::frexp(y[j], &exponent), 8)), exponent - 8);
    r.y[j] = r.operand[j] - rounded * sum;
  }
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_LOG_SOFTMAX_VJP, SOFTMAX_AUDIT_SUBNORMALS)
