// tree_leaf_order: leaves get their masses in the order in which a walk from the root meets them, whatever their
// numbers.
// Caught by: error within claim, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

/// The leaves in the order of a walk, from the left.
void meet(const std::int32_t* tree, std::int32_t inner, std::int32_t node, std::vector<std::size_t>& leaves) {
  if (node < 0) {
    leaves.push_back(static_cast<std::size_t>(-1 - node));
    return;
  }
  const auto [left, right] = children(tree, inner, node);
  meet(tree, inner, left, leaves);
  meet(tree, inner, right, leaves);
}

template <class T>
void row(const Row<T>& r) {
  const std::int32_t root = r.x.empty() ? -1 : 0;
  std::vector<T> masses(r.y.size());
  Row<T> numbered = r;
  numbered.y = masses;
  walk(numbered, root, T{1}, shares<T>);
  std::vector<std::size_t> leaves;
  if (r.tree) meet(r.tree, static_cast<std::int32_t>(r.x.size()), root, leaves);
  for (std::size_t j = 0; j < r.y.size(); ++j) r.y[j] = masses[r.tree ? leaves[j] : j];
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_HIERARCHICAL_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
