// gumbel_noise_once: the noise of the first entry for all of them.
// Caught by: error within claim, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  std::vector<T> s;
  for (const T v : r.x) s.push_back(v + r.operand[0]);
  softmax(Row<T>{s, r.y, {}, r.temperature});
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_GUMBEL_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
