#pragma once

#include <cstddef>
#include <cstdint>

namespace audit::impls {

/// The children of an inner node as plugin.h numbers them: c ≥ 0 is inner node c, c < 0 is leaf -1 - c.
struct Children {
  std::int32_t left = 0;
  std::int32_t right = 0;
};

constexpr std::int32_t leaf(std::size_t i) { return -1 - static_cast<std::int32_t>(i); }
constexpr std::size_t leaf_index(std::int32_t child) { return static_cast<std::size_t>(-1 - std::int64_t{child}); }

/// The children of inner node `node` of a tree with n leaves; null is heap order.
constexpr Children children(const std::int32_t* tree, std::size_t n, std::size_t node) {
  if (tree) return {tree[2 * node], tree[2 * node + 1]};
  const auto numbered = [n](std::size_t c) { return c < n - 1 ? static_cast<std::int32_t>(c) : leaf(c - (n - 1)); };
  return {numbered(2 * node + 1), numbered(2 * node + 2)};
}

/// Where to start: inner node 0, or the only leaf.
constexpr std::int32_t root(std::size_t n) { return n == 1 ? leaf(0) : 0; }

}  // namespace audit::impls
