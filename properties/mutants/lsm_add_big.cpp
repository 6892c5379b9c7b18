// M33 lsm_add_big: x - (max + log Σ), which a common offset ruins. PyTorch #38839, MLX #4169.
// Caught by: error within claim, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  std::vector<T> s;
  for (const T v : r.x) s.push_back(v / static_cast<T>(r.temperature));
  const T shift = top<T>(s), lse = shift + log_sum<T>(s, shift);
  for (std::size_t j = 0; j < s.size(); ++j) r.y[j] = s[j] - lse;
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_LOG_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
