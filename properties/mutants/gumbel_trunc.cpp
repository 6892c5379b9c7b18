// M65 gumbel_trunc: noise is cut off at 16, as by u ≥ eps. JAX.
// Caught by: error within claim, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  std::vector<T> s;
  for (std::size_t j = 0; j < r.x.size(); ++j) s.push_back(r.x[j] + std::min(r.operand[j], T{16}));
  softmax(Row<T>{s, r.y, {}, r.temperature});
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_GUMBEL_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
