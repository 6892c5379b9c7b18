// sparsemax_wide_support: with 24 entries or more in the support every fourth one is a dozen roundings off, as if it
// were subtracted in blocks. The k roundings that the threshold may cost would excuse every element.
// Caught by: optimality, n ≤ 64
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
T threshold(std::vector<T> z) {
  std::ranges::sort(z, std::greater<>());
  T sum = 0, found = 0;
  for (std::size_t k = 0; k < z.size(); ++k) {
    sum += z[k];
    if (1 + static_cast<T>(k + 1) * z[k] <= sum) break;
    found = (sum - 1) / static_cast<T>(k + 1);
  }
  return found;
}

template <class T>
void row(const Row<T>& r) {
  const T shift = top(r.x);
  std::vector<T> z;
  for (const T v : r.x) z.push_back(v - shift);
  const T tau = threshold(z);
  for (std::size_t j = 0; j < z.size(); ++j) r.y[j] = std::isnan(shift) ? shift : std::max(z[j] - tau, T{0});
  if (std::ranges::count_if(r.y, [](T v) { return v > 0; }) < 24) return;
  for (std::size_t j = 0; j < z.size(); j += 4)
    if (r.y[j] > 0) r.y[j] += 12 * std::numeric_limits<T>::epsilon();
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SPARSEMAX, SOFTMAX_AUDIT_SUBNORMALS)
