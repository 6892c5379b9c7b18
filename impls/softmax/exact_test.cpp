#include "impls/softmax/exact.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "impls/catalogue.hpp"
#include "impls/every_target.hpp"
#include "impls/hostile_rows.hpp"
#include "impls/softmax/exact_integers.hpp"
#include "impls/softmax/exact_testing.hpp"

// The steps against each other; bench/exact_test.cpp holds `exact` to the oracle.

namespace audit::impls::correctly_rounded {
namespace {

std::vector<double> answer(const Format& format, const Row& row, Step believed) {
  Implementation target;
  target.formats = {format};
  target.prepare = [&](const Format&, const Shape&) -> Kernel {
    return [&](const Call& call) { return softmax(format, call, believed); };
  };
  return ask(target, format, row).y;
}

// What double and pairs decide is what the integers say.
TEST(Steps, AllGiveTheSameAnswer) {
  testing::on_every_target([] {
    for (const Format& format : {f64, f32, f16, bf16}) {
      testing::HostileRows source(*find_map("softmax"), format, 3);
      std::size_t elements = 0;
      for (int i = 0; i < 150; ++i) {
        Row row = source.next();
        row.x.resize(std::min<std::size_t>(row.x.size(), 12));
        if (std::ranges::max(row.x) == -INFINITY) continue;
        elements += row.x.size();
        const std::vector<double> want = answer(format, row, Step::in_integers);
        EXPECT_EQ(answer(format, row, Step::in_pairs), want) << format.name << ::testing::PrintToString(row.x);
        EXPECT_EQ(answer(format, row, Step::in_double), want) << format.name << ::testing::PrintToString(row.x);
      }
      EXPECT_GT(elements, 400U);
    }
  });
}

/// A row (0, d, c, c', …) and what its element d is rounded to. y is as near to a midpoint as one likes: every further
/// c takes of S what is missing to it, and leaves `apart` at last, or a little more.
struct NearTie {
  Row row;
  double want;
};
NearTie near_tie(const Format& format, double below, bool above, double apart) {
  const double next = next_up(format, below);
  const Quad midpoint = (Quad{below} + next) / 2;
  const auto value = [&](Quad v) { return round_to(format, std::log(static_cast<double>(v))); };
  const double d = round_to(format, std::log(static_cast<double>(midpoint)) + 0.5);
  std::vector<double> x{0, d};
  Quad missing = exponential_of(d) / midpoint - 1 - exponential_of(d);
  while (missing > 2 * apart) {
    double c = value(missing - apart);
    while (exponential_of(c) > missing - apart) c = next_down(format, c);
    x.push_back(c);
    missing -= exponential_of(c);
  }
  if (!above) {
    double c = value(missing + apart);
    while (exponential_of(c) < missing + apart) c = next_up(format, c);
    x.push_back(c);
  }
  return {{std::move(x)}, above ? next : below};
}

// Of every format, normal and subnormal: nearer to a midpoint than double can tell, and in f64 than pairs can.
TEST(Steps, DecideNearTies) {
  std::mt19937_64 random(5);
  testing::on_every_target([&] {
    for (const Format& format : {f64, f32, f16, bf16})
      for (int i = 0; i < 60; ++i) {
        const double depth = format == f64 ? -740 : std::log(smallest_subnormal(format)) + 2;
        const double real = std::exp(std::uniform_real_distribution(depth, -1.5)(random));
        const double below = round_to(format, real), apart = format == f64 ? 0x1p-92 : 0x1p-60;
        const NearTie tie = near_tie(format, below, i % 2 == 0, apart);
        for (const Step step : {Step::in_double, Step::in_pairs, Step::in_integers})
          ASSERT_EQ(answer(format, tie.row, step)[1], tie.want)
              << format.name << ' ' << static_cast<int>(step) << ::testing::PrintToString(tie.row.x);
      }
  });
}

// 1/k, the only rational answers, and rows that differ from them by less than any number of bits.
TEST(Steps, EqualEntriesGiveTheShare) {
  for (const Format& format : {f64, f32, f16, bf16})
    for (const Step step : {Step::in_double, Step::in_pairs, Step::in_integers})
      for (const std::size_t k : {1, 2, 3, 7, 10, 64}) {
        std::vector<double> want(k, round_to(format, 1 / static_cast<double>(k)));
        Row row{std::vector<double>(k, 2.5)};
        EXPECT_EQ(answer(format, row, step), want) << format.name << k;
        row.x.push_back(-60000);
        want.push_back(0);
        EXPECT_EQ(answer(format, row, step), want) << format.name << k << ", and one far away";
      }
}

// As in f16 with 2^25 equal entries: the share of each is the midpoint of 0 and the least number.
TEST(Integers, AreNotAskedForASideThatNoPrecisionShows) {
  const Bracket tie{0, -9, 0};
  std::vector<double> x(1024, 1.0);
  EXPECT_EQ(Integers(x, 1).side(0, tie), 0);
  EXPECT_EQ(rounded(tie), 0);
  x.push_back(-60000);
  EXPECT_EQ(Integers(x, 1).side(0, tie), -1);
}

TEST(Brackets, AreOfTheBinadeOrOfTheSubnormals) {
  const auto found = [](const Format& format, double hi, double lo, double error = 0x1p-90) {
    return bracket(format, {hi, lo}, 0, error);
  };
  const Bracket above = found(f32, 1 + 0x1p-24, 0x1p-60), below = found(f32, 1 + 0x1p-24, -0x1p-60);
  EXPECT_EQ(rounded(above), 1 + 0x1p-23);
  EXPECT_EQ(rounded(below), 1);
  EXPECT_EQ(found(f32, 1 + 0x1p-24, 0x1p-95).side, 0) << "within the error of a midpoint";
  EXPECT_EQ(found(f32, 1 + 0x1p-24, 0x1p-60, 0x1p-50).side, 0);
  EXPECT_EQ(rounded(found(f64, 1, -0x1p-54)), 1) << "a quarter of the ulp above is half of that below: open or even";
  EXPECT_EQ(rounded(found(f64, 1, -0x1.8p-54)), 1 - 0x1p-53);
  EXPECT_EQ(rounded(found(f16, 0x1.8p-25, 0x1p-80)), 0x1p-24);
  EXPECT_EQ(rounded(found(f16, 0x1.8p-26, 0)), 0);
  EXPECT_EQ(rounded(bracket(f64, {0x1.8p-475, 0}, pair_scale, 0x1p-90)), 0x1p-1074);
  EXPECT_EQ(rounded(bracket(f64, {0x1.8p-476, 0}, pair_scale, 0x1p-90)), 0);
}

}  // namespace
}  // namespace audit::impls::correctly_rounded
