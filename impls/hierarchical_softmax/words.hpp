#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "impls/hierarchical_softmax/logistic.hpp"
#include "impls/hierarchical_softmax/tree.hpp"

namespace audit::impls {

/// The tree of Huffman's algorithm (1952), as plugin.h has trees: the 2(n - 1) children of a tree whose
/// leaves are words, the mean depth of a word, weighted by these counts, the least there is. Of equal counts leaves go
/// before joined ones, and the earlier leaf first. n ≥ 1 counts; O(n log n).
std::vector<std::int32_t> huffman_tree(std::span<const std::uint64_t> counts);

/// The ways from the leaves of a tree up to its root, to be walked without the rest of it. Heap order needs no memory.
class Ways {
 public:
  /// A node's parent, and whether it is the right child there.
  struct Step {
    std::size_t parent;
    bool right;
  };

  /// Of n ≥ 1 leaves; null is heap order. O(n).
  Ways(const std::int32_t* tree, std::size_t n);

  /// From a leaf or an inner node but the root. O(1).
  [[nodiscard]] Step up(std::int32_t child) const {
    const std::size_t i = numbered(child);
    if (steps_.empty()) return {(i - 1) / 2, i % 2 == 0};
    return steps_[i];
  }
  [[nodiscard]] bool is_root(std::int32_t child) const { return child == root(leaves_); }

 private:
  /// Inner nodes, then leaves: in heap order its number.
  [[nodiscard]] std::size_t numbered(std::int32_t child) const {
    return child < 0 ? leaves_ - 1 + leaf_index(child) : static_cast<std::size_t>(child);
  }

  std::size_t leaves_;
  std::vector<Step> steps_;  ///< by number; empty: heap order
};

/// The probability of one word under the scores of the n - 1 inner nodes: a factor for each node on its way, O(log n)
/// in a balanced tree. Within the bound of the full distribution (bounds.md, "Hierarchical softmax"), whose product is
/// in the other order.
template <class T>
[[maybe_unused]] static T word_probability(std::span<const T> scores, const Ways& ways, std::size_t word) {
  T probability = 1;
  for (std::int32_t at = leaf(word); !ways.is_root(at);) {
    const auto [parent, right] = ways.up(at);
    const Sides<T> sides = logistic(scores[parent]);
    probability *= right ? sides.right : sides.left;
    at = static_cast<std::int32_t>(parent);
  }
  return probability;
}

}  // namespace audit::impls
