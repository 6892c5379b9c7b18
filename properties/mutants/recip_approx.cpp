// M25 recip_approx: times a reciprocal of 12 bits, in the body of the row alone. TensorFlow #116933.
// Caught by: error within claim, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const T sum = exponentials(r, top(r.x), exact);
  int exponent = 0;
  const T reciprocal = std::isfinite(sum)
                           ? std::ldexp(std::round(std::ldexp(std::frexp(1 / sum, &exponent), 12)), exponent - 12)
                           : 1 / sum;
  const std::size_t body = r.y.size() / 8 * 8;
  for (std::size_t j = 0; j < r.y.size(); ++j) r.y[j] = j < body ? r.y[j] * reciprocal : r.y[j] / sum;
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
