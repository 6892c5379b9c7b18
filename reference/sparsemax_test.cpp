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
