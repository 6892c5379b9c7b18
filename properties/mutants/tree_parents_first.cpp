// tree_parents_first: one pass over the nodes by their numbers, as if no child had a smaller one than its parent.
// Caught by: error within claim, n ≤ 8
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void row(const Row<T>& r) {
  std::vector<T> mass(r.x.size() + 1, T{0});
  mass[0] = 1;
  if (r.x.empty()) r.y[0] = 1;
  for (std::size_t node = 0; node < r.x.size(); ++node) {
    const auto inner = static_cast<std::int32_t>(r.x.size());
    const auto [left, right] = children(r.tree, inner, static_cast<std::int32_t>(node));
    const auto give = [&](std::int32_t child, T part) {
      T& its = child < 0 ? r.y[static_cast<std::size_t>(-1 - child)] : mass[static_cast<std::size_t>(child)];
      its = mass[node] * part;
    };
    const auto [to_left, to_right] = shares(r.x[node]);
    give(left, to_left);
    give(right, to_right);
  }
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_HIERARCHICAL_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
