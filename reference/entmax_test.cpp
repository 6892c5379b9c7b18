#include "reference/entmax.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "reference/cases.hpp"
#include "reference/oracle.hpp"
#include "reference/second_arithmetic.hpp"

namespace audit::reference {
namespace {

using impls::f32;
using impls::f64;
using impls::Map;
using impls::Row;

std::vector<Element> entmax15_of(const impls::Format& format, const std::vector<double>& x) {
  const Exact exact = certify(Map::entmax15, format, Row{.x = x});
  EXPECT_TRUE(exact.undecided.empty());
  std::vector<Element> elements;
  for (std::size_t j = 0; j < exact.size(); ++j) elements.push_back(exact.element(j));
  return elements;
}

void expect_exactly(const Element& y, double value) {
  EXPECT_EQ(y.rounded, value);
  EXPECT_EQ(y.side, 0) << "not exactly " << value;
}

// mpmath 1.3, 60 digits, τ by 220 halvings.
TEST(Entmax15, KnownAnswers) {
  const std::pair<std::vector<double>, std::vector<double>> known[] = {
      {{1, 0}, {0.830718913883073823812702, 0.169281086116926176187298}},
      {{0, -1, 0.5}, {0.3240409985395180620954743, 0.004795007302409689522628272, 0.6711639941580722483818974}},
      {{0.3, 0.2, -1, -2.5},
       {0.5320669610288011436433565, 0.4616240408083437696655533, 0.006308998162855086691090246, 0}},
      {{1.9375, 0}, {0.9990528195086627285224916, 0.0009471804913372714774085472}}};
  for (const auto& [x, want] : known)
    for (const double offset : {0.0, -1024.0}) {
      std::vector<double> shifted = x;
      bool exact = true;
      for (double& v : shifted) exact = exact && (v + offset) - offset == v, v += offset;
      if (!exact) continue;
      const auto y = entmax15_of(f64, shifted);
      for (std::size_t j = 0; j < y.size(); ++j) EXPECT_EQ(y[j].rounded, want[j]) << x[0] << ' ' << j;
    }
}

// With d = (x_1 - x_2)/2 below 1 both are in the support: y_1 = ((d + √(2 - d²))/2)², from τ² of the two squares.
TEST(Entmax15, OfTwoEntriesInClosedForm) {
  for (const double d : {0.0, 0x1p-30, 0.125, 0.5, 0.9, 0.999999, 1.0, 1.5}) {
    const auto y = entmax15_of(f64, {d, -d});
    const long double near = (d + std::sqrt(2 - static_cast<long double>(d) * d)) / 2;
    const long double far = (1 - static_cast<long double>(d) * d) / (near * 2);
    EXPECT_NEAR(y[0].rounded, static_cast<double>(d < 1 ? near * near : 1), 0x1p-53);
    EXPECT_NEAR(y[1].rounded, static_cast<double>(d < 1 ? far * far : 0), 0x1p-54);
  }
}

TEST(Entmax15, IsExactWhereItIsRational) {
  expect_exactly(entmax15_of(f32, {-7})[0], 1);
  for (const Element& y : entmax15_of(f32, {3, 3, 3, 3})) expect_exactly(y, 0.25);
  EXPECT_EQ(entmax15_of(f64, {3, 3, 3})[0].rounded, 1.0 / 3);
  // An entry at the mean of the support: 7/24.
  EXPECT_EQ(entmax15_of(f64, {0, 0.5, 1})[1].rounded, 7.0 / 24);
  // R is a square: 7² + 3² + 2² + 1² + 1² = 8², and the roots of the masses are x/2 + 0.
  const auto squares = entmax15_of(f32, {1.75, 0.75, 0.5, 0.25, 0.25});
  const double want[] = {49.0 / 64, 9.0 / 64, 4.0 / 64, 1.0 / 64, 1.0 / 64};
  for (std::size_t j = 0; j < 5; ++j) expect_exactly(squares[j], want[j]);
  const auto quarters = entmax15_of(f32, {5, 5, 5, 5, -INFINITY, 3});
  expect_exactly(quarters[4], 0);
  for (std::size_t j = 0; j < 4; ++j) expect_exactly(quarters[j], 0.25);
}

// The support is decided in integers: an entry that lies 2^-1074 on either side of the threshold.
TEST(Entmax15, TheSupportIsDecidedExactly) {
  const auto at = entmax15_of(f64, {2, 0, -INFINITY});
  expect_exactly(at[0], 1);
  expect_exactly(at[1], 0);
  const auto inside = entmax15_of(f64, {2, 0x1p-1074});
  EXPECT_EQ(inside[0].rounded, 1);
  EXPECT_EQ(inside[0].side, 1) << "a little is left for the other";
  EXPECT_EQ(inside[1].rounded, 0);
  EXPECT_EQ(inside[1].side, -1);
  expect_exactly(entmax15_of(f64, {2, -0x1p-1074})[1], 0);
  expect_exactly(entmax15_of(f64, {1.5, 1.5, 1.5, 1.5, 0.5})[4], 0);
  EXPECT_GT(entmax15_of(f64, {1.5, 1.5, 1.5, 1.5, 0x1.0000000000001p-1})[4].units, 0);
}

TEST(Entmax15, OfEntriesFarApart) {
  const double most = impls::largest_finite(f64);
  const auto hot = entmax15_of(f64, {-most, most, -INFINITY, 1});
  const double want[] = {0, 1, 0, 0};
  for (std::size_t j = 0; j < 4; ++j) expect_exactly(hot[j], want[j]);
  expect_exactly(entmax15_of(f64, {-most, -INFINITY})[0], 1);
}

// What a rounding decides by the second arithmetic, where the offset is large, too.
TEST(Entmax15, AgreesWithASecondArithmeticUnderOffsets) {
  for (const char* family : {"offset_up", "offset_down", "near_ties", "equal", "masked_finite"})
    for (std::uint64_t index = 0; index < 8; ++index) {
      const Case c = draw(Map::entmax15, f64, family, 6, 21, index);
      const auto y = entmax15_of(f64, c.row.x);
      const auto real = testing::textbook(c.map, c.row);
      for (std::size_t j = 0; j < y.size(); ++j) testing::expect_same(f64, y[j], real[j], id(c));
    }
}

}  // namespace
}  // namespace audit::reference
