// block_masked: a tile of 128 that is masked from end to end is skipped, and with it the rescaling of what was summed
// before. Flash-attention kernels skip such tiles.
// Caught by: error within claim, n ≤ 259
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  softmax(r);
  const auto masked = [](T v) { return v == -std::numeric_limits<T>::infinity(); };
  if (r.x.size() >= 256 && std::ranges::all_of(r.x.subspan(128, 128), masked)) r.y[0] *= T(1.01);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
