#include "impls/hierarchical_softmax/words.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "impls/catalogue.hpp"
#include "impls/hostile_rows.hpp"

namespace audit::impls {
namespace {

using Tree = std::vector<std::int32_t>;

std::size_t depth(const Ways& ways, std::size_t word) {
  std::size_t choices = 0;
  for (std::int32_t at = leaf(word); !ways.is_root(at); ++choices) at = static_cast<std::int32_t>(ways.up(at).parent);
  return choices;
}

/// Σ count · depth
std::uint64_t cost(const Tree& tree, const std::vector<std::uint64_t>& counts) {
  const Ways ways(tree.data(), counts.size());
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) sum += counts[i] * depth(ways, i);
  return sum;
}

/// The least cost of joining these: tries every pair, and what follows from it.
std::uint64_t least_cost(const std::vector<std::uint64_t>& counts) {
  if (counts.size() == 1) return 0;
  std::uint64_t least = UINT64_MAX;
  for (std::size_t i = 0; i < counts.size(); ++i)
    for (std::size_t j = i + 1; j < counts.size(); ++j) {
      std::vector<std::uint64_t> rest = counts;
      rest[i] += rest[j];
      rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(j));
      least = std::min(least, counts[i] + counts[j] + least_cost(rest));
    }
  return least;
}

// Cormen, Leiserson, Rivest & Stein, "Introduction to Algorithms", 4th ed., section 15.3: a variable-length code of
// 224,000 bits, of depths 1, 3, 3, 3, 4, 4.
TEST(HuffmanTree, OfTheTextbook) {
  const std::vector<std::uint64_t> counts{45, 13, 12, 16, 9, 5};
  const Tree tree = huffman_tree(counts);
  EXPECT_EQ(cost(tree, counts), 224U);
  const Ways ways(tree.data(), counts.size());
  for (const auto& [word, choices] : {std::pair{0, 1}, {1, 3}, {2, 3}, {3, 3}, {4, 4}, {5, 4}})
    EXPECT_EQ(depth(ways, static_cast<std::size_t>(word)), static_cast<std::size_t>(choices)) << word;
}

TEST(HuffmanTree, CostsTheLeast) {
  for (const std::vector<std::uint64_t>& counts :
       {std::vector<std::uint64_t>{7}, {0, 0}, {1, 1, 1}, {1, 2, 4, 8, 16}, {5, 5, 5, 5, 6}, {1, 1, 2, 3, 5, 8}})
    EXPECT_EQ(cost(huffman_tree(counts), counts), least_cost(counts)) << ::testing::PrintToString(counts);
}

TEST(HuffmanTree, OfOneWordIsItsLeaf) {
  EXPECT_TRUE(huffman_tree(std::vector<std::uint64_t>{3}).empty());
  EXPECT_EQ(word_probability<double>({}, Ways(nullptr, 1), 0), 1);
}

// A word alone has what it has in the full distribution, in heap order and in any tree, but for the order of the
// product: each within its bound of the other.
TEST(WordProbability, IsThatOfTheFullDistribution) {
  const Implementation& full = *find("hierarchical_softmax");
  testing::HostileRows source(traits(Map::hierarchical_softmax), f64, 5);
  for (int tried = 0; tried < 300; ++tried) {
    const Row row = source.next();
    const std::vector<double> want = ask(full, f64, row).y;
    const Ways ways(row.tree.empty() ? nullptr : row.tree.data(), want.size());
    const std::vector<Bound> bounds = full.claim.bounds(row, f64);
    for (std::size_t j = 0; j < want.size(); ++j)
      EXPECT_LE(std::abs(word_probability<double>(row.x, ways, j) - want[j]),
                2 * (bounds[j].relative * want[j] + bounds[j].absolute));
  }
}

TEST(WordProbability, InAHuffmanTreeAddsUpToOne) {
  std::vector<std::uint64_t> counts(1000);
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] = 1000000 / (i + 1);
  const Tree tree = huffman_tree(counts);
  const Ways ways(tree.data(), counts.size());
  std::vector<double> scores(counts.size() - 1);
  for (std::size_t i = 0; i < scores.size(); ++i) scores[i] = 3 * std::sin(static_cast<double>(i));
  double sum = 0;
  for (std::size_t j = 0; j < counts.size(); ++j) sum += word_probability<double>(scores, ways, j);
  EXPECT_NEAR(sum, 1, 1e-13);
  EXPECT_LT(depth(ways, 0), 5U);
  EXPECT_LT(depth(ways, 999), 20U);
}

}  // namespace
}  // namespace audit::impls
