// M68 sparsemax_k_off1: the support is one entry too large.
// Caught by: normalization, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const T shift = top(r.x);
  std::vector<T> z;
  for (const T v : r.x) z.push_back(v - shift);
  std::ranges::sort(z, std::greater<>());
  T sum = 0, threshold = 0;
  bool beyond = false;
  for (std::size_t k = 0; k < z.size() && !beyond; ++k) {
    sum += z[k];
    beyond = !(1 + static_cast<T>(k + 1) * z[k] > sum);
    threshold = (sum - 1) / static_cast<T>(k + 1);
  }
  for (std::size_t j = 0; j < r.x.size(); ++j)
    r.y[j] = std::isnan(shift) ? shift : std::max(r.x[j] - shift - threshold, T{0});
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SPARSEMAX, SOFTMAX_AUDIT_SUBNORMALS)
