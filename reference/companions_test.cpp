#include "reference/companions.hpp"

#include <gtest/gtest.h>
#include <mpfr.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "reference/cases.hpp"
#include "reference/families.hpp"
#include "reference/tree.hpp"

namespace audit::reference {
namespace {

using impls::f32;
using impls::Map;
using impls::Row;

Row row(Map map, const char* family, std::size_t n, std::uint64_t index) {
  return draw(map, f32, family, n, 1, index).row;
}

TEST(Companions, TargetsAreAnyTheLikeliestAndTheUnlikeliestClassAndNeverMasked) {
  std::set<std::int64_t> any;
  for (std::uint64_t index = 0; index < 60; ++index) {
    const Row drawn = row(Map::cross_entropy, "masked_half", 17, index);
    const auto& x = drawn.x;
    const double target = x[static_cast<std::size_t>(drawn.target.at(0))];
    ASSERT_TRUE(std::isfinite(target));
    if (index % 3 == 0) any.insert(drawn.target[0]);
    const auto no_less = [&](double v) { return v >= target || v == -INFINITY; };
    EXPECT_TRUE(index % 3 != 1 || target == *std::ranges::max_element(x)) << index;
    EXPECT_TRUE(index % 3 != 2 || std::ranges::all_of(x, no_less)) << index;
  }
  EXPECT_GT(any.size(), 6);
}

/// -log(-log u), each step rounded to nearest, as MPFR has it.
double noise_by_mpfr(double u) {
  mpfr_t g;
  mpfr_init2(g, 53);
  mpfr_set_d(g, u, MPFR_RNDN);
  for (int step = 0; step < 2; ++step) {
    mpfr_log(g, g, MPFR_RNDN);
    mpfr_neg(g, g, MPFR_RNDN);
  }
  const double noise = mpfr_get_d(g, MPFR_RNDN);
  mpfr_clear(g);
  return noise;
}

TEST(Stream, RoundsGumbelNoiseCorrectly) {
  const Stream stream("gumbel", f32, 20'000, 1, 0);
  for (std::size_t i = 0; i < 20'000; ++i) ASSERT_EQ(stream.gumbel(i), noise_by_mpfr(stream.uniform(i))) << i;
}

TEST(Companions, GradientsHaveTiesZerosAndSingleEntries) {
  std::map<std::uint64_t, std::set<double>> values;
  for (std::uint64_t index = 0; index < 4; ++index)
    for (const double g : row(Map::softmax_vjp, "normal", 129, index).operand) values[index].insert(g);
  EXPECT_GT(values[0].size(), 120);
  EXPECT_EQ(values[1], (std::set<double>{-1, 0, 1}));
  EXPECT_GT(values[2].size(), 120);
  EXPECT_EQ(values[3].size(), 2);
  EXPECT_TRUE(values[3].contains(0));
}

TEST(Companions, AMaskedLogarithmHasNoGradient) {
  for (std::uint64_t index = 0; index < 8; ++index) {
    const Row of_log = row(Map::log_softmax_vjp, "masked_half", 33, index);
    for (std::size_t i = 0; i < of_log.x.size(); ++i)
      EXPECT_TRUE(of_log.x[i] != -INFINITY || of_log.operand[i] == 0) << i;
  }
  const Row row_of_softmax = row(Map::softmax_vjp, "masked_half", 33, 0);
  EXPECT_EQ(std::ranges::count(row_of_softmax.operand, 0.0), 0) << "there it must have no influence";
}

TEST(Companions, EveryMapIsAskedTheSameLogits) {
  const auto x = row(Map::softmax, "rising", 9, 5).x;
  for (const Map map : {Map::cross_entropy, Map::softmax_vjp, Map::log_softmax_vjp})
    EXPECT_EQ(row(map, "rising", 9, 5).x, x);
}

/// Steps from the root to each leaf.
std::vector<std::size_t> depths(const std::vector<std::int32_t>& tree, std::size_t n) {
  std::vector<std::size_t> depth(n);
  std::vector<std::pair<std::int32_t, std::size_t>> open{{root(n), 0}};
  while (!open.empty()) {
    const auto [node, steps] = open.back();
    open.pop_back();
    if (node < 0) {
      depth[static_cast<std::size_t>(-1 - node)] = steps;
      continue;
    }
    const auto [left, right] = children(tree, n, static_cast<std::size_t>(node));
    open.insert(open.end(), {{left, steps + 1}, {right, steps + 1}});
  }
  return depth;
}

TEST(Trees, AreInHeapOrderAtRandomAndHuffmans) {
  for (const std::size_t n : {1U, 2U, 3U, 17U, 1000U})
    for (std::uint64_t index = 0; index < 8; ++index)
      EXPECT_EQ(fault(row(Map::hierarchical_softmax, "normal", n, index).tree, n), "") << n << ' ' << index;
  const auto tree = [](std::uint64_t index) { return row(Map::hierarchical_softmax, "normal", 64, index).tree; };
  EXPECT_TRUE(tree(0).empty() && tree(1).empty());
  EXPECT_EQ(depths(tree(0), 64), std::vector<std::size_t>(64, 6));
  EXPECT_NE(tree(2), tree(6));
  EXPECT_EQ(tree(3), tree(7)) << "frequencies are Zipf's in every row";
  const auto of_words = depths(tree(3), 64);
  EXPECT_TRUE(std::ranges::is_sorted(of_words)) << "the rarer the deeper";
  EXPECT_LT(of_words.front(), 4);
  EXPECT_GT(of_words.back(), 6);
}

// plugin.h: nodes n-1 … 2n-2 are the leaves in order.
TEST(Trees, HeapOrderOfFiveLeaves) {
  const int expected[4][2] = {{1, 2}, {3, -1}, {-2, -3}, {-4, -5}};
  for (std::size_t node = 0; node < 4; ++node) {
    EXPECT_EQ(children({}, 5, node).left, expected[node][0]);
    EXPECT_EQ(children({}, 5, node).right, expected[node][1]);
  }
}

}  // namespace
}  // namespace audit::reference
