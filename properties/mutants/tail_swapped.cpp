// tail_swapped: the last two entries of a row that is no multiple of eight change places; every sum is right.
// Caught by: order, n ≤ 8
#include <utility>

#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  softmax(r);
  if (r.x.size() % 8 > 1) std::swap(r.y[r.x.size() - 1], r.y[r.x.size() - 2]);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
