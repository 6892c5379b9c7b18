#include "impls/gumbel_softmax/sampling.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numbers>
#include <random>
#include <vector>

namespace audit::impls {
namespace {

constexpr double inf = INFINITY;

std::vector<double> hard(std::vector<double> x, const std::vector<double>& noise) {
  gumbel_softmax_hard<double>({.n = x.size(), .x = {x.data()}, .operand = {noise.data()}, .y = {x.data()}});
  return x;
}

TEST(OpenUniform, ReachesNeitherEnd) {
  EXPECT_EQ(open_uniform<double>(0), 0x1p-53);
  EXPECT_EQ(open_uniform<double>(~std::uint64_t{0}), 1 - 0x1p-53);
  EXPECT_EQ(open_uniform<float>(0), 0x1p-24F);
  EXPECT_EQ(open_uniform<float>(~std::uint64_t{0}), 1 - 0x1p-24F);
}

// -log(p log 2), and -log(-log(1 - 2^-p)) with 50 decimal digits.
TEST(GumbelNoise, IsFiniteAtBothEnds) {
  EXPECT_DOUBLE_EQ(gumbel_noise<double>(0), -3.6037789929704575);
  EXPECT_DOUBLE_EQ(gumbel_noise<double>(~std::uint64_t{0}), 36.736800569677101);
  EXPECT_FLOAT_EQ(gumbel_noise<float>(0), -2.8115409F);
  EXPECT_FLOAT_EQ(gumbel_noise<float>(~std::uint64_t{0}), 16.635532F);
}

// Mean γ and variance π²/6 (Gumbel 1954), over every 2^-20 of the uniform's range: the tails beyond weigh 20 · 2^-20.
TEST(GumbelNoise, HasTheMomentsOfItsDistribution) {
  constexpr std::uint64_t n = 1 << 20;
  double sum = 0, squares = 0;
  for (std::uint64_t k = 0; k < n; ++k) {
    const double g = gumbel_noise<double>((2 * k + 1) << 43);
    sum += g;
    squares += g * g;
  }
  const double mean = sum / n;
  EXPECT_NEAR(mean, std::numbers::egamma, 20.0 / n);
  EXPECT_NEAR(squares / n - mean * mean, std::numbers::pi * std::numbers::pi / 6, 20.0 * 20.0 / n);
}

TEST(GumbelSoftmaxHard, IsOneHotAtTheLargestSum) {
  EXPECT_EQ(hard({1, 2, 3}, {5, 0, 0}), (std::vector<double>{1, 0, 0}));
  EXPECT_EQ(hard({1, 2, 3}, {0, 1, 0}), (std::vector<double>{0, 1, 0}));
  EXPECT_EQ(hard({-inf, -5, -inf}, {9, 0, 9}), (std::vector<double>{0, 1, 0}));
  for (const std::vector<double>& x : {std::vector<double>{-inf, -inf}, {1, NAN}})
    EXPECT_TRUE(std::ranges::all_of(hard(x, {0, 0}), [](double v) { return std::isnan(v); }));
}

// The Gumbel-max trick: 400,000 draws from [0, log 2, log 3, -inf] are 1/6, 1/3, 1/2, 0 of them, each within five
// standard deviations.
TEST(GumbelSoftmaxHard, DrawsFromTheSoftmax) {
  constexpr int draws = 400000;
  std::mt19937_64 random(1);
  std::vector<double> drawn(4), noise(4);
  for (int i = 0; i < draws; ++i) {
    for (double& g : noise) g = gumbel_noise<double>(random());
    const std::vector<double> y = hard({0, std::numbers::ln2, std::log(3.0), -inf}, noise);
    for (std::size_t j = 0; j < 4; ++j) drawn[j] += y[j];
  }
  const std::vector<double> want{1.0 / 6, 1.0 / 3, 0.5, 0};
  for (std::size_t j = 0; j < 4; ++j)
    EXPECT_NEAR(drawn[j], draws * want[j], 5 * std::sqrt(draws * want[j] * (1 - want[j]))) << j;
}

}  // namespace
}  // namespace audit::impls
