// M78 fp8_lagging_max: the maximum of the blocks before the last one. flash-attention #2694.
// Caught by: error within claim, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  const std::size_t last = r.x.size() > 4 ? (r.x.size() - 1) / 4 * 4 : r.x.size();
  divide(r, top(r.x.first(last)), exact);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
