// grad_nan_in_long_rows: in rows of more than 256 entries NaN in the upstream gradient is taken for 0.
// Caught by: NaN shows, n ≤ 300
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const std::vector<T> y = masses(r);
  std::vector<T> g(r.operand.begin(), r.operand.end());
  for (T& v : g)
    if (std::isnan(v) && g.size() > 256) v = 0;
  const T mean = dot<T>(y, g);
  for (std::size_t j = 0; j < y.size(); ++j) r.y[j] = y[j] * (g[j] - mean) / static_cast<T>(r.temperature);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX_VJP, SOFTMAX_AUDIT_SUBNORMALS)
