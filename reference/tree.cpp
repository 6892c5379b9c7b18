#include "reference/tree.hpp"

#include <functional>
#include <queue>
#include <utility>

namespace audit::reference {
namespace {

using Tree = std::vector<std::int32_t>;

constexpr std::uint32_t purpose = 0xa000;

std::int32_t leaf(std::size_t i) { return -1 - static_cast<std::int32_t>(i); }

/// Joins subtrees two at a time until one is left, which is the root as its number is 0. `take` removes a subtree from
/// those left, `put` adds one.
template <class Take, class Put>
Tree join(std::size_t n, Take take, Put put) {
  Tree tree(2 * (n - 1));
  for (std::size_t node = n - 1; node-- > 0;) {
    tree[2 * node] = take();
    tree[2 * node + 1] = take();
    put(static_cast<std::int32_t>(node), tree[2 * node], tree[2 * node + 1]);
  }
  return tree;
}

Tree join_at_random(const Stream& stream, std::size_t n) {
  std::vector<std::int32_t> left;
  for (std::size_t i = 0; i < n; ++i) left.push_back(leaf(i));
  std::size_t drawn = 0;
  const auto take = [&] {
    std::swap(left[stream.bits(drawn++, purpose) % left.size()], left.back());
    const std::int32_t taken = left.back();
    left.pop_back();
    return taken;
  };
  return join(n, take, [&](std::int32_t node, std::int32_t, std::int32_t) { left.push_back(node); });
}

Tree join_by_huffman(std::size_t n) {
  using Subtree = std::pair<double, std::int32_t>;  // frequency, node
  std::priority_queue<Subtree, std::vector<Subtree>, std::greater<>> left;
  for (std::size_t i = 0; i < n; ++i) left.emplace(1 / static_cast<double>(i + 1), leaf(i));
  double joined = 0;
  const auto take = [&] {
    const auto [frequency, node] = left.top();
    left.pop();
    joined += frequency;
    return node;
  };
  return join(n, take,
              [&](std::int32_t node, std::int32_t, std::int32_t) { left.emplace(std::exchange(joined, 0), node); });
}

}  // namespace

Children children(const Tree& tree, std::size_t n, std::size_t node) {
  if (!tree.empty()) return {tree[2 * node], tree[2 * node + 1]};
  const auto numbered = [n](std::size_t c) { return c < n - 1 ? static_cast<std::int32_t>(c) : leaf(c - (n - 1)); };
  return {numbered(2 * node + 1), numbered(2 * node + 2)};
}

std::string_view fault(const Tree& tree, std::size_t n) {
  if (tree.empty()) return {};
  if (tree.size() != 2 * (n - 1)) return "a tree of n leaves has 2(n - 1) children";
  std::vector<bool> leaf_seen(n), node_seen(n - 1);
  std::size_t leaves = 0;
  std::vector<std::int32_t> open{root(n)};
  while (!open.empty()) {
    const std::int32_t at = open.back();
    open.pop_back();
    const auto i = static_cast<std::size_t>(at < 0 ? -1 - std::int64_t{at} : at);
    auto& seen = at < 0 ? leaf_seen : node_seen;
    if (i >= seen.size()) return "a tree of n leaves has leaves -1 … -n and inner nodes 0 … n - 2";
    if (seen[i]) return "a node of a tree is the child of one other, and the root of none";
    seen[i] = true;
    if (at < 0) {
      ++leaves;
      continue;
    }
    const auto [left, right] = children(tree, n, i);
    open.insert(open.end(), {left, right});
  }
  return leaves == n ? std::string_view() : "not every leaf is reached from the root of the tree";
}

Tree draw_tree(const Stream& stream, std::size_t n) {
  if (n == 1 || stream.index() % 4 < 2) return {};
  return stream.index() % 4 == 2 ? join_at_random(stream, n) : join_by_huffman(n);
}

}  // namespace audit::reference
