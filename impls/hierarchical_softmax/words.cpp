#include "impls/hierarchical_softmax/words.hpp"

#include <functional>
#include <queue>
#include <tuple>
#include <utility>

namespace audit::impls {

std::vector<std::int32_t> huffman_tree(std::span<const std::uint64_t> counts) {
  const std::size_t n = counts.size();
  using Subtree = std::tuple<std::uint64_t, std::size_t, std::int32_t>;  // count, when it was made, top
  std::priority_queue<Subtree, std::vector<Subtree>, std::greater<>> left;
  for (std::size_t i = 0; i < n; ++i) left.emplace(counts[i], i, leaf(i));
  const auto take = [&left] {
    const Subtree least = left.top();
    left.pop();
    return least;
  };
  std::vector<std::int32_t> children(2 * (n - 1));
  for (std::size_t node = n - 1; node-- > 0;) {  // the last one joined is 0, the root
    const auto [count, made, top] = take();
    const auto [other_count, other_made, other_top] = take();
    children[2 * node] = top;
    children[2 * node + 1] = other_top;
    left.emplace(count + other_count, 2 * n - node, static_cast<std::int32_t>(node));
  }
  return children;
}

Ways::Ways(const std::int32_t* tree, std::size_t n) : leaves_(n) {
  if (!tree || n == 1) return;
  steps_.resize(2 * n - 1);
  for (std::size_t node = 0; node < n - 1; ++node) {
    steps_[numbered(tree[2 * node])] = {node, false};
    steps_[numbered(tree[2 * node + 1])] = {node, true};
  }
}

}  // namespace audit::impls
