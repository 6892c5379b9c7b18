// M10 online_block_max_only: the maximum of the last block of four instead of the running one. TileLang.
// Caught by: permutation, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  T shift = top(r.x.first(std::min<std::size_t>(r.x.size(), 4)));
  for (std::size_t i = 4; i < r.x.size(); i += 4) shift = top(r.x.subspan(i, std::min<std::size_t>(4, r.x.size() - i)));
  divide(r, shift, exact);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
