#include "properties/generators.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <ranges>
#include <set>

#include "properties/companions.hpp"
#include "reference/cases.hpp"
#include "reference/oracle.hpp"
#include "reference/sparsemax.hpp"

namespace audit::properties {
namespace {

using impls::Format;
using impls::Map;
using impls::Row;

/// How many of 3000 rows have something.
template <class Has>
int count(const Format& format, Has has, Map map = Map::softmax, bool special = false, std::uint64_t rows = 3000) {
  int found = 0;
  for (std::uint64_t seed = 0; seed < rows; ++seed) found += has(draw_row(rc::Random(seed), map, format, special));
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

/// The first lanes at which no row of 9000 has such an entry.
template <class Is>
std::vector<std::size_t> lanes_without(const Format& format, bool special, Is is, std::size_t lanes = 64) {
  std::set<std::size_t> seen;
  count(
      format,
      [&](const Row& row) {
        for (std::size_t i = 0; i < row.x.size(); ++i)
          if (is(row.x[i])) seen.insert(i);
        return false;
      },
      Map::softmax, special, 9000);
  std::vector<std::size_t> missing;
  for (std::size_t i = 0; i < lanes; ++i)
    if (!seen.contains(i)) missing.push_back(i);
  return missing;
}

TEST_P(FormatWithInfinities, SpecialValuesAreAtEveryLane) {
  const Format format = GetParam();
  const std::vector<std::size_t> none;
  const double tiny = impls::smallest_normal(format);
  EXPECT_EQ(lanes_without(format, true, [](double v) { return std::isnan(v); }), none);
  EXPECT_EQ(lanes_without(format, true, [](double v) { return v == INFINITY; }), none);
  EXPECT_EQ(lanes_without(format, true, [](double v) { return v == -INFINITY; }), none);
  EXPECT_EQ(lanes_without(format, false, [](double v) { return v == -INFINITY; }), none);
  EXPECT_EQ(lanes_without(format, false, [](double v) { return v == 0; }), none);
  EXPECT_EQ(lanes_without(format, false, [&](double v) { return v != 0 && std::abs(v) < tiny; }, 32), none);
  const auto all_masked = [](const Row& row) {
    return reference::special(Map::softmax, row) == reference::Special::all_masked;
  };
  EXPECT_GT(count(format, all_masked, Map::softmax, true), 300);
}

/// Rows whose entries have one sign and one exponent: a common offset, by sign and exponent.
TEST_P(FormatWithInfinities, OffsetsHaveBothSignsAndEveryExponent) {
  const Format format = GetParam();
  std::set<int> above, below;
  const auto offset = [&](const Row& row) {
    const double first = row.x.front();
    if (row.x.size() < 2 || first == 0 || !std::isfinite(first)) return false;
    const int exponent = std::ilogb(first);
    const auto alike = [&](double v) {
      return std::signbit(v) == std::signbit(first) && std::isfinite(v) && std::ilogb(v) == exponent;
    };
    if (std::ranges::all_of(row.x, alike)) (first > 0 ? above : below).insert(exponent);
    return true;
  };
  EXPECT_GT(count(format, offset, Map::softmax, false, 9000), 3000);
  const int step = format.emax > 15 ? format.emax / 4 : 1;
  for (int e = -format.emax / 4 * 3; e + step <= format.emax / 4 * 3; e += step) {
    const auto within = [&](const std::set<int>& seen) {
      const auto first = seen.lower_bound(e);
      return first != seen.end() && *first < e + step;
    };
    EXPECT_TRUE(within(above)) << e;
    EXPECT_TRUE(within(below)) << e;
  }
}

TEST_P(FormatWithInfinities, BlocksTiesPatternsAndSpreadsAreReached) {
  const Format format = GetParam();
  const auto spread = [](const double* first, std::size_t n) {
    const auto [low, high] = std::minmax_element(first, first + n);
    return *high - *low;
  };
  // Four alike beside four alike, far from each other.
  const auto blocks = [&](const Row& row) {
    if (row.x.size() < 8 || !std::ranges::all_of(row.x, [](double v) { return std::isfinite(v); })) return false;
    const double within = std::max(spread(row.x.data(), 4), spread(row.x.data() + 4, 4));
    return std::abs(row.x[0] - row.x[4]) > 4 * within;
  };
  const auto first_block_masked = [](const Row& row) {
    return row.x.size() > 8 &&
           std::ranges::all_of(row.x | std::views::take(4), [](double v) { return v == -INFINITY; }) &&
           row.x.back() != -INFINITY;
  };
  std::set<int> spreads;
  const auto gather = [&](const Row& row) {
    const double s = spread(row.x.data(), row.x.size());
    if (std::isfinite(s) && s > 0) spreads.insert(std::ilogb(s));
    return true;
  };
  EXPECT_GT(count(format, blocks), 2);
  EXPECT_GT(count(format, first_block_masked), 20);
  count(format, gather);
  for (int e = -std::min(format.precision, 8); e < std::min(format.emax - 4, 12); ++e)
    EXPECT_TRUE(spreads.contains(e)) << e;
}

TEST_P(EveryFormat, TemperaturesReachBothEnds) {
  const Format format = GetParam();
  const auto at = [&](auto is) { return count(format, [&](const Row& row) { return is(row.temperature); }); };
  EXPECT_GT(at([](double tau) { return tau == 1; }), 1000);
  EXPECT_GT(at([&](double tau) { return tau <= std::ldexp(1.0, -format.emax / 4); }), 20);
  EXPECT_GT(at([&](double tau) { return tau >= std::ldexp(1.0, format.emax / 4); }), 20);
}

/// Where a mask that is the most negative number is none.
TEST_P(FormatWithInfinities, MasksStandBesideTheMostNegativeNumbers) {
  const Format format = GetParam();
  const auto at_the_bottom = [&](const Row& row) {
    return std::ranges::max(row.x) < -0.75 * impls::largest_finite(format) && std::ranges::count(row.x, -INFINITY) > 0;
  };
  EXPECT_GT(count(format, at_the_bottom), 5);
}

/// Vertices, points with zeros, and points inside.
TEST_P(EveryFormat, SparsemaxIsAskedPointsOfTheSimplex) {
  const auto on_simplex = [](auto is) {
    return [=](const Row& row) { return reference::on_simplex(row.x) && row.x.size() > 1 && is(row); };
  };
  const auto zeros = [](const Row& row) { return std::ranges::count(row.x, 0.0); };
  const auto vertex = on_simplex([=](const Row& row) { return zeros(row) == std::ssize(row.x) - 1; });
  const auto edge = on_simplex([=](const Row& row) { return zeros(row) > 0 && zeros(row) < std::ssize(row.x) - 1; });
  const auto inside = on_simplex([=](const Row& row) { return zeros(row) == 0; });
  for (const Map map : {Map::sparsemax, Map::sparsemax_vjp}) {
    EXPECT_GT(count(GetParam(), vertex, map), 20);
    EXPECT_GT(count(GetParam(), edge, map), 50);
    EXPECT_GT(count(GetParam(), inside, map), 0);
  }
}

TEST_P(FormatWithInfinities, NaNsHaveBothSigns) {
  std::set<bool> signs;
  count(
      GetParam(),
      [&](const Row& row) {
        for (const double v : row.x)
          if (std::isnan(v)) signs.insert(std::signbit(v));
        return false;
      },
      Map::softmax, true);
  EXPECT_EQ(signs.size(), 2U);
}

constexpr auto name_of = [](const auto& parameters) { return std::string(parameters.param.name); };
INSTANTIATE_TEST_SUITE_P(Formats, EveryFormat, testing::ValuesIn(impls::formats), name_of);
INSTANTIATE_TEST_SUITE_P(Formats, FormatWithInfinities,
                         testing::Values(impls::f64, impls::f32, impls::f16, impls::bf16, impls::f8e5m2), name_of);

/// Whether a node has such children.
template <class Has>
auto any_node(Has has) {
  return [has](const Row& row) {
    for (std::int32_t node = 0; node < std::ssize(row.tree) / 2; ++node)
      if (has(node, row.tree[2 * static_cast<std::size_t>(node)], row.tree[2 * static_cast<std::size_t>(node) + 1]))
        return true;
    return false;
  };
}

TEST(Trees, AreNumberedFromTheRootAndTheLeftOrAnyhow) {
  const auto child_before_parent = any_node([](std::int32_t node, std::int32_t left, std::int32_t right) {
    return (0 <= left && left < node) || (0 <= right && right < node);
  });
  const auto leaf_out_of_order = any_node(
      [](std::int32_t, std::int32_t left, std::int32_t right) { return left < 0 && right < 0 && left < right; });
  const auto in_order = [&](const Row& row) {
    return row.tree.size() > 4 && !child_before_parent(row) && !leaf_out_of_order(row);
  };
  EXPECT_GT(count(impls::f32, child_before_parent, Map::hierarchical_softmax), 300);
  EXPECT_GT(count(impls::f32, leaf_out_of_order, Map::hierarchical_softmax), 200);
  EXPECT_GT(count(impls::f32, in_order, Map::hierarchical_softmax), 300);
}

TEST(Shrinking, KnowsNothingSimplerThanNoScores) { EXPECT_FALSE(simpler(Row{}).next()); }

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

/// A CaseId is only read back where node 0 is the root, and every node and leaf is reached from it.
TEST(Shrinking, KeepsTreesWhole) {
  int tried = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const Row row = draw_row(rc::Random(seed), Map::hierarchical_softmax, impls::f32, false);
    if (row.tree.empty() || row.x.size() > 20) continue;
    auto rest = simpler(row);
    for (auto next = rest.next(); next; next = rest.next(), ++tried) {
      const std::string id = reference::id(reference::spelled_out(Map::hierarchical_softmax, impls::f32, *next));
      ASSERT_NO_THROW(reference::rebuild(id)) << id;
    }
  }
  EXPECT_GT(tried, 1000);
}

/// Shrinks as long as rows stay as they are asked to.
template <class Keeps>
Row smallest(Row row, Keeps keeps) {
  for (bool moved = true; moved;) {
    moved = false;
    auto rest = simpler(row);
    for (auto next = rest.next(); next && !moved; next = rest.next())
      if (keeps(*next)) row = *next, moved = true;
  }
  return row;
}

TEST(Shrinking, LeavesFewBitsOfATemperature) {
  const Row row{{3, 0x1.8p+5}, 0x1.d29p-7, {}};
  EXPECT_EQ(smallest(row, [](const Row& r) { return r.temperature < 0.25; }), (Row{{0}, 0.125, {}}));
}

TEST(Shrinking, StaysOnTheSimplex) {
  const Row row{{0.125, 0, 0.25, 0, 0.5, 0.125}, 1, {}};
  EXPECT_EQ(smallest(row, [](const Row& r) { return reference::on_simplex(r.x); }), (Row{{1}, 1, {}}));
  const auto no_vertex = [](const Row& r) {
    return reference::on_simplex(r.x) && std::ranges::count(r.x, 0.0) < std::ssize(r.x) - 1;
  };
  EXPECT_EQ(smallest(row, no_vertex).x.size(), 2U);
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
