// sparsemax_of_2048: the support is sought among the 2048 largest entries.
// Caught by: error within claim, n ≤ 4097
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  std::vector<T> x(r.x.begin(), r.x.end());
  const bool cut = x.size() > 2048 && std::isfinite(top(r.x));
  if (!cut) return sparsemax(r);
  std::ranges::sort(x, std::greater());
  std::vector<T> largest(x.begin(), x.begin() + 2048), y(2048);
  sparsemax(Row<T>{largest, y, {}, 1});
  for (std::size_t j = 0; j < r.x.size(); ++j) r.y[j] = std::max((r.x[j] - x[0]) + y[0], T{0});
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SPARSEMAX, SOFTMAX_AUDIT_SUBNORMALS)
