#include "reference/special_values.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace audit::reference {
namespace {

using impls::Map;

constexpr double inf = INFINITY;

bool fits(Map map, std::vector<double> x, std::vector<double> y) {
  return !unlike_any_policy(map, {.x = std::move(x)}, y);
}

TEST(SpecialValues, OfARowWithNaN) {
  EXPECT_TRUE(fits(Map::softmax, {NAN, 1}, {NAN, 0.5}));
  EXPECT_TRUE(fits(Map::softmax, {NAN, inf}, {0, NAN})) << "wherever it shows";
  EXPECT_FALSE(fits(Map::softmax, {NAN, 1}, {0, 1}));
  EXPECT_FALSE(fits(Map::logsumexp, {NAN, 1}, {1}));
}

TEST(SpecialValues, OfARowWithPlusInfinity) {
  EXPECT_TRUE(fits(Map::softmax, {inf, 1}, {NAN, NAN}));
  EXPECT_TRUE(fits(Map::softmax, {inf, 1}, {NAN, 0}));
  EXPECT_TRUE(fits(Map::softmax, {inf, 1, inf}, {0, 0, 1}));
  EXPECT_TRUE(fits(Map::softmax, {inf, 1, -inf}, {NAN, NAN, 0})) << "a masked entry is exactly 0";
  EXPECT_TRUE(fits(Map::log_softmax, {inf, 1, -inf}, {NAN, NAN, -inf}));
  EXPECT_FALSE(fits(Map::softmax, {inf, 1, 2, -inf}, {NAN, NAN, 0, 0}));
  EXPECT_TRUE(fits(Map::log_softmax, {inf, 1}, {0, -inf}));
  EXPECT_TRUE(fits(Map::logsumexp, {inf, 1}, {inf}));
  EXPECT_FALSE(fits(Map::softmax, {inf, 1}, {0, 0}));
  EXPECT_FALSE(fits(Map::softmax, {inf, 1}, {0, 1})) << "hot at the wrong place";
  EXPECT_FALSE(fits(Map::softmax, {inf, inf}, {1, 1}));
  EXPECT_FALSE(fits(Map::softmax, {inf, 1}, {NAN, 0.5}));
  EXPECT_FALSE(fits(Map::logsumexp, {inf, 1}, {1}));
}

TEST(SpecialValues, OfALoss) {
  const auto fits = [](std::vector<double> x, std::int64_t target, double y) {
    return !unlike_any_policy(Map::cross_entropy, {.x = std::move(x), .target = {target}}, {y});
  };
  for (const double y : {inf, double{NAN}}) EXPECT_TRUE(fits({0, inf}, 0, y) && fits({0, inf}, 1, y));
  EXPECT_TRUE(fits({0, inf}, 1, 0)) << "one-hot";
  EXPECT_FALSE(fits({0, inf}, 0, 0));
  EXPECT_FALSE(fits({0, inf}, 1, 1) || fits({0, inf}, 0, -inf));
}

TEST(SpecialValues, OfOtherRowsAreAnything) {
  EXPECT_TRUE(fits(Map::softmax, {-inf, 1}, {7, 7}));
  EXPECT_TRUE(fits(Map::softmax, {-inf, -inf}, {0, 0}));
}

}  // namespace
}  // namespace audit::reference
