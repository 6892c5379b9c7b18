// whole_blocks: of a row of 8192 entries or more in whole blocks of 4096 the last block alone is summed.
// Caught by: error within claim, n ≤ 8192
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  constexpr std::size_t block = 4096;
  softmax(r);
  const std::size_t n = r.y.size();
  if (n < 2 * block || n % block != 0) return;
  const T sum = std::accumulate(r.y.end() - block, r.y.end(), T{0});
  for (T& v : r.y) v /= sum;
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
