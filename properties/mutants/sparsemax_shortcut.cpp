// sparsemax_shortcut: a row whose entries add up to 1 is taken for the output of a sparsemax, and its small entries for
// noise to be cleared.
// Caught by: idempotent, n ≤ 3
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
  const bool on_simplex =
      std::ranges::none_of(r.x, [](T v) { return v < 0; }) && std::accumulate(r.x.begin(), r.x.end(), T{0}) == 1;
  if (!on_simplex) return;
  for (T& v : r.y)
    if (v < T{0.25}) v = 0;
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SPARSEMAX, SOFTMAX_AUDIT_SUBNORMALS)
