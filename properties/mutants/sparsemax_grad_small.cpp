// sparsemax_grad_small: an output below 1e-5 counts as none, and its entry as one off the support.
// Caught by: error within claim, n ≤ 2
#include "properties/mutants/entmax.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  std::vector<T> z = shifted(r.x, T{1}), kept(z);
  const T tau = sparsemax_threshold_of(z);
  for (T& v : kept)
    if (v - tau < T{1e-5f}) v = -std::numeric_limits<T>::infinity();
  Row<T> seen = r;
  seen.x = kept;
  sparsemax_gradient(std::isfinite(tau) ? seen : r, T{0}, [](T) { return T{0}; });
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SPARSEMAX_VJP, SOFTMAX_AUDIT_SUBNORMALS)
