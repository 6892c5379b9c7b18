// sparsemax_wide_support: with 24 entries or more in the support every fourth one is a dozen roundings off, as if it
// were subtracted in blocks. The k roundings that the threshold may cost would excuse every element.
// Caught by: optimality, n ≤ 64
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  sparsemax(r);
  if (std::ranges::count_if(r.y, [](T v) { return v > 0; }) < 24) return;
  for (std::size_t j = 0; j < r.y.size(); j += 4)
    if (r.y[j] > 0) r.y[j] += 12 * std::numeric_limits<T>::epsilon();
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SPARSEMAX, SOFTMAX_AUDIT_SUBNORMALS)
