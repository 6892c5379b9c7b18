// The maps of more than a row of logits: a target, a tree, an upstream gradient.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "reference/cases.hpp"
#include "reference/oracle.hpp"
#include "reference/second_arithmetic.hpp"

namespace audit::reference {
namespace {

using impls::f32;
using impls::f64;
using impls::Format;
using impls::Map;
using impls::Row;
using testing::expect_same;
using testing::textbook;

constexpr std::array asked{Map::cross_entropy,   Map::hierarchical_softmax, Map::softmax_vjp,
                           Map::log_softmax_vjp, Map::cross_entropy_vjp,    Map::entmax15};

/// Whether 1400 bits tell every entry from 0 beside the largest.
bool within_the_second_arithmetic(const Row& row) {
  return std::ranges::all_of(row.x, [](double x) { return std::abs(x) < 1500 || std::isinf(x); });
}

TEST(OracleMaps, AgreeWithASecondArithmetic) {
  std::size_t elements = 0;
  for (const Format& format : impls::formats)
    for (const Map map : asked)
      for (const Family& family : families())
        for (const std::size_t n : {1, 2, 7}) {
          if (family.fixed_n != 0 && (family.fixed_n > 70 || n > 1)) continue;
          if (format.bytes < 8 && n < 7 && family.fixed_n == 0) continue;
          const Case c = draw(map, format, family.name, family.fixed_n ? family.fixed_n : n, 11, n);
          const Exact exact = certify(map, format, c.row);
          ASSERT_EQ(exact.special, Special::none) << id(c);
          EXPECT_TRUE(exact.undecided.empty()) << id(c);
          if (!within_the_second_arithmetic(c.row)) continue;
          const auto real = textbook(map, c.row);
          ASSERT_EQ(exact.size(), real.size());
          for (std::size_t j = 0; j < real.size(); ++j, ++elements)
            expect_same(format, exact.element(j), real[j], id(c) + "#" + std::to_string(j));
        }
  EXPECT_GT(elements, 2000);
}

std::vector<Element> certified(Map map, const Format& format, const Row& row) {
  const Exact exact = certify(map, format, row);
  std::vector<Element> elements;
  for (std::size_t j = 0; j < exact.size(); ++j) elements.push_back(exact.element(j));
  EXPECT_TRUE(exact.undecided.empty());
  return elements;
}

void expect_exactly(const Element& y, double value) {
  EXPECT_EQ(y.rounded, value);
  EXPECT_EQ(y.side, 0) << "not exactly " << value;
}

TEST(OracleMaps, CrossEntropyOfOneEntryIsExactly0OfAMaskedTargetInfinite) {
  expect_exactly(certified(Map::cross_entropy, f32, {.x = {-INFINITY, 7}, .target = {1}})[0], 0);
  expect_exactly(certified(Map::cross_entropy, f32, {.x = {-INFINITY, 7}, .target = {0}})[0], INFINITY);
  const auto near_zero = certified(Map::cross_entropy, f64, {.x = {0, -800}, .target = {0}})[0];
  EXPECT_EQ(near_zero.rounded, 0);
  EXPECT_EQ(near_zero.side, -1) << "e^-800";
  // log 2, the loss of a coin; and a loss that no format holds.
  EXPECT_EQ(certified(Map::cross_entropy, f64, {.x = {3, 3}, .target = {0}})[0].rounded, std::log(2));
  const auto overflow = certified(Map::cross_entropy, impls::f8e4m3, {.x = {448, -448}, .target = {1}})[0];
  EXPECT_EQ(overflow.rounded, INFINITY);
  EXPECT_EQ(overflow.side, 1);
}

TEST(OracleMaps, MeanCrossEntropyAgreesWithASecondArithmetic) {
  for (const Format& format : {f64, f32, impls::f8e5m2})
    for (const char* family : {"normal", "offset_up", "outlier_block", "near_ties"})
      for (const std::size_t batch : {1, 2, 3, 10}) {
        std::vector<Row> rows;
        for (std::uint64_t i = 0; i < batch; ++i) rows.push_back(draw(Map::cross_entropy, format, family, 5, 1, i).row);
        const Exact exact = certify_mean_cross_entropy(format, rows);
        expect_same(format, exact.element(0), testing::mean_cross_entropy(rows), family + std::to_string(batch));
        if (batch == 1) {
          EXPECT_EQ(exact.rest, certify_by_mpfr(Map::cross_entropy, format, rows[0]).rest);
        }
      }
}

// The fast path goes by log_softmax.
TEST(OracleMaps, CrossEntropyIsThatOfMpfr) {
  for (const Format& format : {f64, f32, impls::f16, impls::bf16, impls::f8e4m3})
    for (const Family& family : families())
      for (const std::size_t n : {1, 2, 3, 8, 65}) {
        if (family.fixed_n != 0) continue;
        const Case c = draw(Map::cross_entropy, format, family.name, n, 7, n);
        const Exact exact = certify(c.map, format, c.row), mpfr = certify_by_mpfr(c.map, format, c.row);
        ASSERT_EQ(exact.size(), mpfr.size()) << id(c);
        if (exact.size() == 0) continue;
        const Element a = exact.element(0), b = mpfr.element(0);
        EXPECT_TRUE(a.rounded == b.rounded && std::signbit(a.rounded) == std::signbit(b.rounded)) << id(c);
        EXPECT_EQ(a.side, b.side) << id(c);
      }
}

TEST(OracleMaps, MeanCrossEntropyOfRationalRowsIsExact) {
  const Row certain{.x = {5}, .target = {0}}, masked{.x = {-INFINITY, 1}, .target = {0}};
  const auto mean = [](std::vector<Row> rows) { return certify_mean_cross_entropy(f32, rows); };
  expect_exactly(mean({certain, certain, certain}).element(0), 0);
  expect_exactly(mean({certain, masked}).element(0), INFINITY);
  // (0 + 3)/2 and a little: 1.5 is no number that a midpoint could hide, and the side is known.
  const Element deep = mean({certain, {.x = {0, -3, -40000}, .target = {1}}}).element(0);
  EXPECT_EQ(deep.side, mean({{.x = {0, -3}, .target = {1}}, certain}).element(0).side);
  const Element above = mean({certain, {.x = {0, -3000}, .target = {1}}}).element(0);
  EXPECT_EQ(above.rounded, 1500);
  EXPECT_EQ(above.side, -1);
  EXPECT_EQ(mean({}).special, Special::empty);
  EXPECT_EQ(mean({certain, {.x = {NAN}, .target = {0}}}).special, Special::nan);
}

TEST(OracleMaps, HierarchicalSoftmaxOfZerosAndInfinitiesIsExact) {
  const auto halves = certified(Map::hierarchical_softmax, f32, {.x = {0, -0.0, 0, 0}});
  const double expected[] = {0.25, 0.25, 0.25, 0.125, 0.125};
  for (std::size_t leaf = 0; leaf < 5; ++leaf) expect_exactly(halves[leaf], expected[leaf]);

  const auto routed = certified(Map::hierarchical_softmax, f32, {.x = {INFINITY, 3, -INFINITY}});
  const double one_leaf[] = {0, 0, 1, 0};
  for (std::size_t leaf = 0; leaf < 4; ++leaf) expect_exactly(routed[leaf], one_leaf[leaf]);
  expect_exactly(certified(Map::hierarchical_softmax, f64, {})[0], 1);

  // A chain: each inner node has a leaf on the left and the rest on the right.
  Row chain{.x = std::vector<double>(1100, 0.0)};
  for (std::int32_t i = 0; i < 1100; ++i) chain.tree.insert(chain.tree.end(), {-1 - i, i == 1099 ? -1101 : i + 1});
  const auto deep = certified(Map::hierarchical_softmax, f64, chain);
  expect_exactly(deep[1073], 0x1p-1074);
  EXPECT_EQ(deep[1074].rounded, 0) << "2^-1075, a tie";
  EXPECT_EQ(deep[1074].side, -1);
  EXPECT_EQ(deep[1074].residual, -0.5);
}

TEST(OracleMaps, HierarchicalSoftmaxWalksTheTreeItIsGiven) {
  // Node 0: left leaf 2, right node 1; node 1: left leaf 0, right leaf 1. The right child has logistic(score).
  const Row row{.x = {1, -2}, .tree = {-3, 1, -1, -2}};
  const auto y = certified(Map::hierarchical_softmax, f64, row);
  const auto logistic = [](double s) { return 1 / (1 + std::exp(-s)); };
  EXPECT_DOUBLE_EQ(y[2].rounded, logistic(-1));
  EXPECT_DOUBLE_EQ(y[0].rounded, logistic(1) * logistic(2));
  EXPECT_DOUBLE_EQ(y[1].rounded, logistic(1) * logistic(-2));
}

TEST(OracleMaps, HierarchicalScoresBeyondEveryExponential) {
  const auto y = certified(Map::hierarchical_softmax, f64, {.x = {1.7e308, 0x1p-1074, -0x1p-1074}});
  EXPECT_EQ(y[0].rounded, 0);
  EXPECT_EQ(y[0].side, -1) << "not 0";
  EXPECT_EQ(y[3].rounded, 0.5);
  EXPECT_EQ(y[2].side, -1) << "just above a half";
  EXPECT_EQ(y[3].side, 1) << "just below a half";
}

TEST(OracleMaps, TheSoftmaxVjpIsExactlyZeroWhereItIs) {
  const auto vjp = [](Row row) { return certified(Map::softmax_vjp, f32, row); };
  for (const Element& v : vjp({.x = {0, 1, -5}, .operand = {3, 3, 3}})) expect_exactly(v, 0);
  for (const Element& v : vjp({.x = {4, -INFINITY}, .operand = {3, 100}})) expect_exactly(v, 0);
  // The mean gradient of every group of equal logits is 2: only the entries whose own is 2 have none left.
  const auto grouped = vjp({.x = {1, 1, 0, 0, 0}, .operand = {1, 3, 0, 2, 4}});
  expect_exactly(grouped[3], 0);
  for (const std::size_t j : {0, 1, 2, 4}) EXPECT_NE(grouped[j].rounded, 0) << j;
  // As before, but 0.1 + 0.2 is a double that is not 0.3.
  EXPECT_NE(certified(Map::softmax_vjp, f64, {.x = {1, 1, 1, 0}, .operand = {0.1, 0.2, 0.15, 0.15}})[2].rounded, 0);
}

TEST(OracleMaps, TheSoftmaxVjpOfEqualLogitsIsRational) {
  const auto halves = certified(Map::softmax_vjp, f32, {.x = {7, 7}, .temperature = 0.5, .operand = {1, 2}});
  expect_exactly(halves[0], -0.5);
  expect_exactly(halves[1], 0.5);
  const auto thirds = certified(Map::softmax_vjp, f32, {.x = {7, 7, 7}, .operand = {1, 0, 0}});
  EXPECT_EQ(thirds[0].rounded, impls::round_to(f32, 2.0 / 9));
  EXPECT_NE(thirds[0].side, 0);
}

// What departs from the rational limit is too deep for 4098 bits; its side is known all the same.
TEST(OracleMaps, GradientsBesideEntriesTooDeepToSee) {
  const double deep = -impls::largest_finite(f32);
  const auto one = certified(Map::softmax_vjp, f32, {.x = {0, deep, deep}, .operand = {1, 3, -2}});
  EXPECT_EQ(one[0].rounded, 0);
  EXPECT_EQ(one[0].side, -1) << "1 - (1 - e) = e is above 0";
  EXPECT_EQ(one[1].rounded, 0);
  EXPECT_EQ(one[1].side, -1);
  const auto two = certified(Map::softmax_vjp, f32, {.x = {0, 0, deep}, .operand = {1, -1, 0.5}});
  EXPECT_EQ(two[0].rounded, 0.5);
  EXPECT_EQ(two[0].side, 1) << "1/(2 + e) is below 1/2";
  EXPECT_EQ(two[1].rounded, -0.5);
  EXPECT_EQ(two[1].side, -1) << "-(2 + 1.5e)/(2 + e)² is above -1/2";
  // The first order in e cancels: 2(1 + e)/(2 + e)² = (1 + e)/(1 + e + e²/4)/2.
  const auto second = certified(Map::softmax_vjp, f32, {.x = {0, 0, deep}, .operand = {1, -1, -1}});
  EXPECT_EQ(second[0].rounded, 0.5);
  EXPECT_EQ(second[0].side, 1);
  const auto log = certified(Map::log_softmax_vjp, f32, {.x = {0, deep}, .operand = {1, 0.5}});
  EXPECT_EQ(log[0].rounded, -0.5);
  EXPECT_EQ(log[0].side, -1) << "1 - 1.5/(1 + e) is above -1/2";
  EXPECT_EQ(log[1].rounded, 0.5);
  EXPECT_EQ(log[1].side, 1);
}

TEST(OracleMaps, TheLogSoftmaxVjpOfRationalRowsIsExact) {
  const auto vjp = [](Row row) { return certified(Map::log_softmax_vjp, f32, row); };
  const auto balanced = vjp({.x = {0, 1, -9}, .operand = {2, -3, 1}});
  for (std::size_t j = 0; j < 3; ++j) expect_exactly(balanced[j], std::array{2.0, -3.0, 1.0}[j]);
  const auto equal = vjp({.x = {5, 5, 5, 5}, .operand = {1, 0, 0, 0}});
  expect_exactly(equal[0], 0.75);
  expect_exactly(equal[1], -0.25);
  const auto masked = vjp({.x = {5, -INFINITY}, .operand = {1, 0}});
  expect_exactly(masked[0], 0);
  expect_exactly(masked[1], 0);
  // The formula's word on a masked entry that has a gradient all the same.
  const auto strange = vjp({.x = {5, -INFINITY}, .operand = {1, 2}});
  expect_exactly(strange[0], -2);
  expect_exactly(strange[1], 2);
}

// mpmath 1.3, 60 digits.
TEST(OracleMaps, TheCrossEntropyVjpKeepsItsDigitsAtTheTarget) {
  const auto vjp = [](std::vector<double> x, std::int64_t target) {
    return certified(Map::cross_entropy_vjp, f64, {.x = std::move(x), .target = {target}});
  };
  const auto sure = vjp({0, -1, -40}, 0);
  EXPECT_EQ(sure[0].rounded, -0.2689414213699951230193594);
  EXPECT_EQ(sure[1].rounded, 0.2689414213699951199135636);
  EXPECT_EQ(sure[2].rounded, 3.105795823390201926260997e-18);
  EXPECT_EQ(vjp({0, -40}, 0)[0].rounded, -4.248354255291588977280721e-18);
  EXPECT_LT(certify(Map::cross_entropy_vjp, f64, {.x = {0, -40}, .target = {0}}).bits, 100) << "1 - y_t would cancel";
  const auto deep = vjp({0, -1e6}, 1);
  EXPECT_EQ(deep[1].rounded, -1);
  EXPECT_EQ(deep[1].side, -1) << "e^-1000000 above -1";
  EXPECT_EQ(vjp({0, -1e6}, 0)[0].rounded, 0);
  EXPECT_EQ(vjp({0, -1e6}, 0)[0].side, 1) << "below 0";
}

TEST(OracleMaps, TheCrossEntropyVjpOfRationalRowsIsExact) {
  const auto vjp = [](Row row) { return certified(Map::cross_entropy_vjp, f32, row); };
  const auto equal = vjp({.x = {5, 5, -INFINITY, 5, 5}, .target = {3}});
  const double want[] = {0.25, 0.25, 0, -0.75, 0.25};
  for (std::size_t j = 0; j < 5; ++j) expect_exactly(equal[j], want[j]);
  const auto nearly = vjp({.x = {0, -4096, 0}, .target = {2}});
  EXPECT_EQ(nearly[2].rounded, -0.5);
  EXPECT_EQ(nearly[2].side, 1) << "1/(2 + e^-4096) - 1, further than 4098 bits reach";
  expect_exactly(vjp({.x = {-3}, .target = {0}})[0], 0);
  expect_exactly(vjp({.x = {-3, -INFINITY}, .target = {1}})[1], -1);
}

/// 2^58 - 1 rounds to 2^58: the maximum of x + noise is told by what the sum leaves over.
TEST(OracleMaps, GumbelSoftmaxNearTemperatureZeroSubtractsTheMaximum) {
  for (const double sign : {1.0, -1.0}) {
    const impls::Row row{{0x1p+58, 0x1p+58}, 0x1p-511, {sign, 0}};
    const std::vector<double> one_hot = sign > 0 ? std::vector<double>{1, 0} : std::vector<double>{0, 1};
    EXPECT_EQ(certify(impls::Map::gumbel_softmax, impls::f64, row).rounded, one_hot);
  }
}

TEST(OracleMaps, SpecialRows) {
  EXPECT_EQ(special(Map::hierarchical_softmax, {.x = {INFINITY, -INFINITY}}), Special::none);
  EXPECT_EQ(special(Map::hierarchical_softmax, {}), Special::none) << "one leaf";
  EXPECT_EQ(special(Map::hierarchical_softmax, {.x = {INFINITY, NAN}}), Special::nan);
  EXPECT_EQ(special(Map::softmax_vjp, {.x = {0, 1}, .operand = {0, NAN}}), Special::nan);
  EXPECT_EQ(special(Map::cross_entropy, {.x = {-INFINITY}, .target = {0}}), Special::all_masked);
}

}  // namespace
}  // namespace audit::reference
