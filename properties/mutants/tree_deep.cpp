// tree_deep: the path from the root is kept in 32 places, and what is deeper gets no mass.
// Caught by: error within claim, n ≤ 40
#include "properties/mutants/mutant.hpp"

namespace {

using namespace mutant;

template <class T>
void down(const Row<T>& r, std::int32_t node, T mass, int depth) {
  if (node < 0) {
    r.y[static_cast<std::size_t>(-1 - node)] = depth > 32 ? 0 : mass;
    return;
  }
  const auto [left, right] = children(r.tree, static_cast<std::int32_t>(r.x.size()), node);
  const T s = r.x[static_cast<std::size_t>(node)], e = std::exp(-std::abs(s)), near = 1 / (1 + e), far = e / (1 + e);
  down(r, left, mass * (s > 0 ? far : near), depth + 1);
  down(r, right, mass * (s > 0 ? near : far), depth + 1);
}

template <class T>
void row(const Row<T>& r) {
  down(r, r.x.empty() ? -1 : 0, T{1}, 0);
}

}  // namespace

MUTANT(SOFTMAX_AUDIT_HIERARCHICAL_SOFTMAX, SOFTMAX_AUDIT_SUBNORMALS)
