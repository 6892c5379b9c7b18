// hierarchical_softmax: the probability of a leaf is the product of the choices on the way to it, each a logistic of
// its inner node's score. The full distribution, in O(n).
//
// Source: Morin & Bengio, "Hierarchical probabilistic neural network language model", AISTATS 2005; Mikolov et al.,
// "Distributed representations of words and phrases", NIPS 2013, section 2.1.
// Algorithm: from the root down, the mass of a node times each side of its logistic; both sides from one exponential.
// Bound: bounds.md, "Hierarchical softmax": relative, 2 for each choice and 2(1 - p) for one of probability p.
#include "impls/bounds.hpp"
#include "impls/hierarchical_softmax/logistic.hpp"
#include "impls/hierarchical_softmax/tree.hpp"
#include "impls/rows.hpp"

namespace audit::impls {
namespace {

template <class T>
struct HierarchicalSoftmax {
  struct Subtree {
    std::int32_t top;
    T mass;
  };
  std::vector<Subtree> open;  // one allocation a call: over_rows makes this object once for all of its rows
  std::vector<T> leaves;      // y may be x, and its scores are needed until the last leaf

  void operator()(const RowView<T>& row) {
    leaves.resize(row.n);
    open.assign(1, {root(row.n), 1});
    while (!open.empty()) {
      const Subtree at = open.back();
      open.pop_back();
      if (at.top < 0) {
        leaves[leaf_index(at.top)] = at.mass;
      } else {
        descend(row, static_cast<std::size_t>(at.top), at.mass);
      }
    }
    for (std::size_t j = 0; j < row.n; ++j) row.y[j] = leaves[j];
  }

  void descend(const RowView<T>& row, std::size_t node, T mass) {
    const auto [left, right] = children(row.tree, row.n, node);
    const Sides<T> sides = logistic(row.x[node]);
    open.push_back({right, mass * sides.right});
    open.push_back({left, mass * sides.left});
  }
};

}  // namespace

Implementation IMPLEMENTATION() {
  const Claim claim{
      .bound = "relative Σ (5 - 2p) - 1 over the choices on the way, p the probability of each, and 2 subnormals each",
      .source = "impls/bounds.md, Hierarchical softmax",
      .bounds = product_of_logistics,
      .promises = strided | in_place | thread_safe | batch_invariant | deterministic | subnormals,
  };
  return {
      .map = Map::hierarchical_softmax,
      .formats = rowwise_formats(),
      .source = "Morin & Bengio 2005",
      .version = SUITE_VERSION,
      .prepare = [](const Format& format,
                    const Shape&) { return rowwise<Map::hierarchical_softmax, HierarchicalSoftmax>(format); },
      .claim = rounded_once(under_options(claim, IMPLEMENTATION_OPTIONS)),
  };
}

}  // namespace audit::impls
