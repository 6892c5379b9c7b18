#include "impls/softmax/exact.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "impls/catalogue.hpp"
#include "impls/hostile_rows.hpp"
#include "impls/softmax/exact_integers.hpp"
#include "impls/softmax/exact_target_testing.hpp"

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
  by_every_target([] {
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
