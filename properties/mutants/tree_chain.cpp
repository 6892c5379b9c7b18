// tree_chain: the walk keeps its depth in a byte, and what lies 256 nodes below the root starts again with a mass of 1.
// Caught by: error within claim, n ≤ 260
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void descend(const Row<T>& r, std::int32_t node, T mass, std::uint8_t depth) {
  if (node < 0) {
    r.y[static_cast<std::size_t>(-1 - node)] = mass;
    return;
  }
  const auto [left, right] = children(r.tree, static_cast<std::int32_t>(r.x.size()), node);
  const auto [to_left, to_right] = shares(r.x[static_cast<std::size_t>(node)]);
  const T mine = depth == 0 ? T{1} : mass;
  const auto below = static_cast<std::uint8_t>(depth + 1);
  descend(r, left, mine * to_left, below);
  descend(r, right, mine * to_right, below);
}

template <class T>
void row(const Row<T>& r) {
  descend(r, r.x.empty() ? -1 : 0, T{1}, 0);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_HIERARCHICAL_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
