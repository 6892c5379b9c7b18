// M72 tree_always_heap: a tree that is not in heap order is read as if it were; transformers had a column -i for
// cutoff + i.
// Caught by: error within claim, n ≤ 8
#include <utility>

#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

// What goes left and right of a score.
template <class T>
std::pair<T, T> honest(T s) {
  const T e = std::exp(-std::abs(s)), near = 1 / (1 + e), far = e / (1 + e);
  return s > 0 ? std::pair(far, near) : std::pair(near, far);
}

template <class T>
void row(const Row<T>& r) {
  Row<T> heap = r;
  heap.tree = nullptr;
  walk(heap, r.x.empty() ? -1 : 0, T{1}, honest<T>);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_HIERARCHICAL_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
