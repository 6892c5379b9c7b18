// entmax_k_off1: the threshold is that of a support one entry too large, where there is one more.
// Caught by: normalization, n ≤ 3
#include "properties/mutants/entmax.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const std::vector<T> z = sorted_down(shifted(r.x, T{2}));
  const std::size_t k = entmax_support(z) + 1;
  const bool finite = k <= z.size() && std::isfinite(z[k - 1]);
  squares(r, entmax_threshold_of(z, finite ? k : k - 1));
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_ENTMAX15, SOFTMAX_AUDIT_SUBNORMALS)
