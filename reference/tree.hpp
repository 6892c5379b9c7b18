#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "reference/families.hpp"

namespace audit::reference {

/// The children of an inner node as plugin.h numbers them: c ≥ 0 is inner node c, c < 0 is leaf -1 - c.
struct Children {
  std::int32_t left = 0;
  std::int32_t right = 0;
};

/// The children of an inner node of a tree with n leaves; an empty tree is one in heap order.
Children children(const std::vector<std::int32_t>& tree, std::size_t n, std::size_t node);

/// Where to start: inner node 0, or the only leaf.
constexpr std::int32_t root(std::size_t n) { return n == 1 ? -1 : 0; }

/// What is wrong with a tree of n leaves, in a few words; empty when nothing is: heap order, or 2(n - 1) children that
/// make every leaf and every inner node but the root somebody's child, once, and lead to each from the root.
std::string_view fault(const std::vector<std::int32_t>& tree, std::size_t n);

/// A tree of n ≥ 1 leaves drawn from a row's stream: by the index of the row in heap order, twice as often as joined at
/// random, or as Huffman's algorithm joins leaves whose frequencies follow Zipf's law, as those of words do.
std::vector<std::int32_t> draw_tree(const Stream& stream, std::size_t n);

}  // namespace audit::reference
