// grad_clipped: gradients are clipped at ±1000, which a scaled loss is beyond.
// Caught by: error within claim, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const auto y = masses(r);
  std::vector<T> g;
  for (const T v : r.operand) g.push_back(std::clamp<T>(v, -1000, 1000));
  const T sum = dot<T>(y, g);
  for (std::size_t j = 0; j < y.size(); ++j) r.y[j] = y[j] * (g[j] - sum) / static_cast<T>(r.temperature);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX_VJP, SOFTMAX_AUDIT_SUBNORMALS)
