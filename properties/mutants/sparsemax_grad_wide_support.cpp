// sparsemax_grad_wide_support: with 24 entries or more in the support every fourth one is four ulps off, as if it were
// scaled by a rounded factor. The k roundings that the mean may cost would excuse every element.
// Caught by: one mean, n ≤ 64
#include "properties/mutants/entmax.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  T inside = 0;
  const std::vector<T> z = shifted(r.x, T{1});
  const T tau = sparsemax_threshold_of(z);
  for (const T v : z) inside += v > tau;
  sparsemax_gradient(r, T{0}, [](T) { return T{0}; });
  for (std::size_t j = 0; inside >= 24 && j < z.size(); j += 4) r.y[j] *= 1 + 4 * std::numeric_limits<T>::epsilon();
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SPARSEMAX_VJP, SOFTMAX_AUDIT_SUBNORMALS)
