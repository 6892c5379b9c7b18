#include "properties/generators.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "properties/companions.hpp"
#include "reference/oracle.hpp"

namespace audit::properties {
namespace {

using impls::Format;
using impls::Map;
using impls::Row;

/// How many of 3000 rows have something.
template <class Has>
int count(const Format& format, Has has, Map map = Map::softmax, bool special = false) {
  int found = 0;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) found += has(draw_row(rc::Random(seed), map, format, special));
  return found;
}

template <class Is>
auto any_entry(Is is) {
  return [is](const Row& row) { return std::ranges::any_of(row.x, is); };
}

class EveryFormat : public testing::TestWithParam<Format> {};
class FormatWithInfinities : public EveryFormat {};

TEST_P(EveryFormat, RowsHoldNumbersOfTheFormatAlone) {
  const Format format = GetParam();
  for (const bool special : {false, true}) {
    for (const auto& traits : impls::maps) {
      const auto whole = [&](const Row& row) {
        const auto fits = [&](double v) { return std::isnan(v) || impls::round_to(format, v) == v; };
        return std::ranges::all_of(row.x, fits) && std::ranges::all_of(row.operand, fits) && row.temperature > 0 &&
               (row.temperature == 1 || traits.takes_temperature) && !row.x.empty() &&
               row.operand.size() == (traits.takes_operand ? row.x.size() : 0) &&
               (special || consistent(traits.map, row)) &&
               (reference::special(traits.map, row) != reference::Special::none) == special;
      };
      EXPECT_EQ(count(format, whole, traits.map, special), 3000) << traits.name;
    }
  }
}

TEST_P(FormatWithInfinities, RowsReachWhatNormalOnesHide) {
  const Format format = GetParam();
  const double tiny = impls::smallest_normal(format);
  const auto neighbours = [&](const Row& row) {
    std::vector<double> x = row.x;
    std::ranges::sort(x);
    return std::ranges::adjacent_find(
               x, [&](double a, double b) { return std::isfinite(a) && impls::next_up(format, a) == b; }) != x.end();
  };
  const auto ties = [](const Row& row) {
    std::set<double> seen;
    return std::ranges::any_of(row.x, [&](double v) { return std::isfinite(v) && !seen.insert(v).second; });
  };
  const auto full_significand = [&](double v) {
    return std::isnormal(v) && std::fmod(std::ldexp(v, -impls::ulp_exponent(format, v)), 2) != 0;
  };
  const auto offset = [](double sign, double size) {
    return [=](const Row& row) { return std::ranges::all_of(row.x, [&](double v) { return sign * v > size; }); };
  };
  const auto subnormal_result = [&](const Row& row) {
    const double top = *std::ranges::max_element(row.x);
    return std::ranges::any_of(row.x, [&](double v) {
      const double y = std::exp(v - top);
      return y > 0 && y < tiny && std::isfinite(v);
    });
  };
  const auto mask_first = [](const Row& row) { return row.x.size() > 1 && row.x.front() == -INFINITY; };
  const auto lone = [](const Row& row) {
    return row.x.size() > 2 && std::ranges::count(row.x, -INFINITY) == std::ssize(row.x) - 1;
  };
  EXPECT_GT(count(format, any_entry([](double v) { return v == 0 && !std::signbit(v); })), 100);
  EXPECT_GT(count(format, any_entry([](double v) { return v == 0 && std::signbit(v); })), 50);
  EXPECT_GT(count(format, any_entry([&](double v) { return v != 0 && std::abs(v) < tiny; })), 50);
  EXPECT_GT(count(format, any_entry([](double v) { return v == -INFINITY; })), 300);
  EXPECT_GT(count(format, any_entry([&](double v) { return v == -impls::largest_finite(format); })), 50);
  EXPECT_GT(count(format, any_entry(full_significand)), 1500);
  EXPECT_GT(count(format, ties), 300);
  EXPECT_GT(count(format, neighbours), 100);
  EXPECT_GT(count(format, offset(1, 100)), 30);
  EXPECT_GT(count(format, offset(-1, 100)), 30);
  EXPECT_GT(count(format, subnormal_result), 100);
  EXPECT_GT(count(format, mask_first), 100);
  EXPECT_GT(count(format, lone), 20);
}

TEST_P(EveryFormat, LengthsAreDenseWhereTheyAreSmall) {
  std::set<std::size_t> lengths;
  count(GetParam(), [&](const Row& row) { return lengths.insert(row.x.size()).second; });
  for (std::size_t n = 1; n <= 40; ++n) EXPECT_TRUE(lengths.contains(n)) << n;
  EXPECT_TRUE(lengths.contains(257) && lengths.contains(1000));
}

TEST_P(FormatWithInfinities, SpecialRowsHaveEveryKindAtEveryLane) {
  std::set<std::size_t> nan_lanes, infinite_lanes;
  std::set<bool> signs;
  const auto lanes = [&](const Row& row) {
    for (std::size_t i = 0; i < row.x.size(); ++i) {
      if (std::isnan(row.x[i])) nan_lanes.insert(i), signs.insert(std::signbit(row.x[i]));
      if (row.x[i] == INFINITY) infinite_lanes.insert(i);
    }
    return reference::special(Map::softmax, row) == reference::Special::all_masked;
  };
  EXPECT_GT(count(GetParam(), lanes, Map::softmax, true), 300);
  for (std::size_t i = 0; i < 32; ++i) EXPECT_TRUE(nan_lanes.contains(i) && infinite_lanes.contains(i)) << i;
  EXPECT_EQ(signs.size(), 2U);
}

constexpr auto name_of = [](const auto& parameters) { return std::string(parameters.param.name); };
INSTANTIATE_TEST_SUITE_P(Formats, EveryFormat, testing::ValuesIn(impls::formats), name_of);
INSTANTIATE_TEST_SUITE_P(Formats, FormatWithInfinities,
                         testing::Values(impls::f64, impls::f32, impls::f16, impls::bf16, impls::f8e5m2), name_of);

TEST(Shrinking, OnlyEverSimplifiesAndEndsAtASingleZero) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const bool special = seed % 3 == 0;
    Row row = draw_row(rc::Random(seed), Map::gumbel_softmax, impls::f32, special);
    while (true) {
      auto rest = simpler(row);
      const auto next = rest.next();
      if (!next) break;
      ASSERT_LT(complexity(*next), complexity(row));
      row = *next;
    }
    EXPECT_EQ(row, (Row{{0}, 1, {0}}));
  }
}

/// Taking the last shrink at every step is the slowest way down.
TEST(Shrinking, EndsAlongTheSlowestPath) {
  Row row{{0x1.fffffep+100, -0x1.8p-130, 3, std::numeric_limits<double>::quiet_NaN()}, 0.75, {}};
  const auto start = complexity(row);
  std::uint64_t steps = 0;
  for (bool moved = true; moved; ++steps) {
    moved = false;
    auto rest = simpler(row);
    for (auto next = rest.next(); next; next = rest.next()) {
      row = *next;
      moved = true;
    }
    ASSERT_LE(steps, start);
  }
}

TEST(Shrinking, KeepsNumbersOfTheFormat) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    auto rest = simpler(draw_row(rc::Random(seed), Map::softmax, impls::f32, false));
    for (auto next = rest.next(); next; next = rest.next())
      for (const double v : next->x) ASSERT_EQ(impls::round_to(impls::f32, v), v);
  }
}

}  // namespace
}  // namespace audit::properties
