#include "reference/sparsemax.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace audit::reference {
namespace {

using Values = std::vector<double>;

TEST(Optimality, HoldsOfTheAnswerAlone) {
  const Values x{0.5, 0.5, -1, -INFINITY}, none(4, 0);
  const auto of = [&](const Values& y) { return optimality(x, y, none); };
  EXPECT_TRUE(of({0.5, 0.5, 0, 0}).one_threshold);
  EXPECT_TRUE(of({0.5, 0.5, 0, 0}).mass_of_one);
  EXPECT_FALSE(of({0.5, 0.5 + 0x1p-53, 0, 0}).one_threshold);
  EXPECT_FALSE(of({0.5, 0.5, 0x1p-1074, 0}).one_threshold);
  EXPECT_TRUE(of({0.75, 0.75, 0, 0}).one_threshold);
  EXPECT_FALSE(of({0.75, 0.75, 0, 0}).mass_of_one);
  EXPECT_FALSE(of({0.25, 0.25, 0, 0}).mass_of_one);
  EXPECT_FALSE(of({0, 0, 0, 0}).mass_of_one);
}

TEST(Optimality, LeavesEveryElementItsSlack) {
  const Values x{0x1p+60, 0x1p+60}, y{0.5 - 0x1p-10, 0.5 + 0x1p-10};
  EXPECT_TRUE(optimality(x, y, {0x1p-10, 0x1p-10}).one_threshold);
  EXPECT_TRUE(optimality(x, y, {0x1p-10, 0x1p-10}).mass_of_one);
  const Optimality found = optimality(x, y, {0x1p-10, 0x1.ffffffffffffep-11});
  EXPECT_FALSE(found.one_threshold);
  EXPECT_EQ(found.highest, 0U);
  EXPECT_EQ(found.lowest, 1U);
}

/// An entry that is 0 within its slack says only how low the threshold may be.
TEST(Optimality, BoundsTheThresholdFromOneSideWhereAnEntryIsZero) {
  EXPECT_TRUE(optimality({0, -5}, {1, 0}, {0, 0}).one_threshold);
  EXPECT_FALSE(optimality({0, -0.5}, {1, 0}, {0, 0}).one_threshold);
}

// Roots of the masses 7/8, 3/8, 2/8, 1/8 and 1/8: x/2 - τ with τ = 0.
TEST(EntmaxOptimality, HoldsOfTheAnswerAlone) {
  const Values x{1.75, 0.75, 0.5, 0.25, 0.25, -INFINITY, -1}, none(7, 0);
  const Values y{49.0 / 64, 9.0 / 64, 4.0 / 64, 1.0 / 64, 1.0 / 64, 0, 0};
  const auto of = [&](std::size_t j, double factor, double slack) {
    Values other = y;
    for (std::size_t i = 0; i < y.size(); ++i)
      if (i == j || j > 6) other[i] *= factor;
    return entmax15_optimality(x, other, Values(7, slack));
  };
  EXPECT_TRUE(of(0, 1, 0).one_threshold);
  EXPECT_TRUE(of(0, 1, 0).mass_of_one);
  for (std::size_t j = 0; j < 5; ++j) {
    EXPECT_FALSE(of(j, 1 + 0x1p-40, 0).one_threshold) << j;
    EXPECT_TRUE(of(j, 1 + 0x1p-40, 0x1p-40).one_threshold) << j;
  }
  EXPECT_FALSE(of(7, 1 + 0x1p-40, 0).one_threshold) << "a common factor is no common threshold";
  // x/2 - 1/8 for τ: one threshold, and another mass.
  const Values lower{0.5625, 0.0625, 0.015625, 0, 0, 0, 0};
  EXPECT_TRUE(entmax15_optimality(x, lower, none).one_threshold);
  EXPECT_FALSE(entmax15_optimality(x, lower, none).mass_of_one);
  EXPECT_FALSE(entmax15_optimality(x, Values(7, 0), none).mass_of_one);
}

TEST(OnSimplex, IsExact) {
  EXPECT_TRUE(on_simplex({1}));
  EXPECT_TRUE(on_simplex({0.5, 0, 0.25, 0.25}));
  EXPECT_FALSE(on_simplex({0.5, 0.5, 0x1p-1074})) << "a sum of doubles would not see it";
  EXPECT_FALSE(on_simplex({1.5, -0.5}));
  EXPECT_FALSE(on_simplex({1, -INFINITY}));
  EXPECT_FALSE(on_simplex({NAN}));
  EXPECT_FALSE(on_simplex({}));
}

}  // namespace
}  // namespace audit::reference
