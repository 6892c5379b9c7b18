// tree_one_leaf: a tree of one leaf has no scores, and the leaf gets the mass of an empty sum, not of an empty product.
// Caught by: error within claim, n ≤ 0
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  walk(r, r.x.empty() ? -1 : 0, r.x.empty() ? T{0} : T{1}, shares<T>);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_HIERARCHICAL_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
