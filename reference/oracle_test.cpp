#include "reference/oracle.hpp"

#include <gtest/gtest.h>
#include <mpfr.h>

#include <algorithm>
#include <bit>
#include <boost/multiprecision/cpp_int.hpp>
#include <cmath>

#include "reference/cases.hpp"
#include "reference/plain_mpfr.hpp"
#include "reference/rounding.hpp"
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

std::vector<Element> all(const Exact& exact) {
  std::vector<Element> elements;
  for (std::size_t j = 0; j < exact.size(); ++j) elements.push_back(exact.element(j));
  return elements;
}

TEST(Oracle, AgreesWithASecondArithmetic) {
  std::size_t elements = 0;
  for (const Format& format : {f64, f32, impls::f16, impls::bf16})
    for (const Map map : {Map::softmax, Map::log_softmax, Map::logsumexp, Map::gumbel_softmax})
      for (const Family& family : families())
        for (const std::size_t n : {1, 2, 3, 8}) {
          if (family.fixed_n != 0 && (family.fixed_n > 70 || n > 1)) continue;
          const Case c = draw(map, format, family.name, family.fixed_n ? family.fixed_n : n, 11, n);
          // Beyond the 1400 bits: masks of the order of 1e308, and x - log(e^x) where one entry is left
          // (RationalAnswersAreExact).
          if (std::ranges::count_if(c.row.x, [](double x) { return x > -1e30; }) < 2 && map != Map::softmax) continue;
          if (family.name == "masked_finite" || family.name.find("eager_pad") != std::string::npos) continue;
          const Exact exact = certify(map, format, c.row), mpfr = certify_by_mpfr(map, format, c.row);
          const auto real = textbook(map, c.row);
          ASSERT_EQ(exact.size(), real.size());
          ASSERT_EQ(mpfr.size(), real.size());
          for (std::size_t j = 0; j < real.size(); ++j) {
            if (exact.rounded[j] == -INFINITY) {
              ASSERT_EQ(c.row.x[j], -INFINITY);
              continue;
            }
            expect_same(format, exact.element(j), real[j], id(c) + "#" + std::to_string(j));
            expect_same(format, mpfr.element(j), real[j], id(c) + "#" + std::to_string(j) + " by MPFR");
            ++elements;
          }
        }
  EXPECT_GT(elements, 3000);
}

// numerics.md section 5.
TEST(Oracle, KnownAnswers) {
  const double softmax012[] = {0.09003057317038046, 0.24472847105479764, 0.6652409557748219};
  for (const std::vector<double>& x : {std::vector<double>{1000, 1001, 1002}, {0, 1, 2}}) {
    const Exact exact = certify(Map::softmax, f64, Row{x, 1, {}});
    for (int j = 0; j < 3; ++j) EXPECT_EQ(exact.rounded[j], softmax012[j]);
  }
  EXPECT_EQ(certify(Map::logsumexp, f64, Row{{0, -40}, 1, {}}).element(0).rounded, 4.248354255291589e-18);
  const auto sparse = all(certify(Map::sparsemax, f64, Row{{0.5, 0.5, -1}, 1, {}}));
  EXPECT_EQ(sparse[0].rounded, 0.5);
  EXPECT_EQ(sparse[1].rounded, 0.5);
  EXPECT_EQ(sparse[2].rounded, 0);
  EXPECT_EQ(sparse[2].side, 0) << "exactly 0";
  const auto log = all(certify(Map::log_softmax, f32, Row{{0, -200}, 1, {}}));
  EXPECT_EQ(log[0].rounded, 0);
  EXPECT_EQ(log[0].side, 1) << "about -1.4e-87, not 0";
  EXPECT_EQ(log[1].rounded, -200);
}

TEST(Oracle, RationalAnswersAreExact) {
  for (const std::size_t k : {1U, 2U, 3U, 7U, 8U, 4096U}) {
    const auto y = certify(Map::softmax, f32, Row{std::vector<double>(k, -3.25), 1, {}}).element(0);
    EXPECT_EQ(y.rounded, impls::round_to(f32, 1.0 / static_cast<double>(k)));
    EXPECT_EQ(y.side == 0, std::has_single_bit(k)) << k;
  }
  const auto one = all(certify(Map::log_softmax, f64, Row{{-INFINITY, 5, -INFINITY}, 1, {}}));
  EXPECT_EQ(one[0].rounded, -INFINITY);
  EXPECT_EQ(one[1].rounded, 0);
  EXPECT_EQ(one[1].side, 0);
  EXPECT_EQ(certify(Map::logsumexp, f64, Row{{-INFINITY, 0.1}, 1, {}}).element(0).side, 0);
  // x + noise is equal only in exact arithmetic: 1e30 + 1 has 100 bits.
  const auto gumbel = all(certify(Map::gumbel_softmax, f64, Row{{1e30, 1}, 1, {1, 1e30}}));
  EXPECT_EQ(gumbel[0].rounded, 0.5);
  EXPECT_EQ(gumbel[0].side, 0);
}

TEST(Oracle, TheSideIsKnownWhereNoDoubleHoldsTheResidual) {
  const auto peaked = certify(Map::softmax, f64, Row{{0, -700}, 1, {}}).element(0);
  EXPECT_EQ(peaked.rounded, 1);
  EXPECT_EQ(peaked.side, 1);
  EXPECT_EQ(peaked.ulp_exponent, -53) << "y lies in the binade below 1";
  const Exact beyond = certify_by_mpfr(Map::softmax, f64, Row{{0, -1e6}, 1, {}});
  EXPECT_TRUE(beyond.undecided.empty())
      << "no precision separates 1 - e^-1000000 from 1, an open end of its enclosure does";
  EXPECT_LT(beyond.bits, 100);
  const auto sum = certify(Map::logsumexp, f64, Row{{1e300, -1e300}, 1, {}}).element(0);
  EXPECT_EQ(sum.rounded, 1e300);
  EXPECT_EQ(sum.side, -1);
  const auto vanished = certify(Map::softmax, f64, Row{{1e308, -1e308}, 1, {}}).element(1);
  EXPECT_EQ(vanished.rounded, 0);
  EXPECT_EQ(vanished.side, -1) << "e^-2e308 is not 0";
}

TEST(Oracle, OverflowOfLogsumexp) {
  const double largest = impls::largest_finite(impls::f16);
  const auto y = certify(Map::logsumexp, impls::f16, Row{std::vector<double>(1 << 15, largest), 1, {}}).element(0);
  EXPECT_EQ(y.rounded, largest) << "65504 + 10.4 is nearer to 65504 than to 65536";
}

TEST(Oracle, SpecialRowsAreNamed) {
  EXPECT_EQ(special(Map::softmax, Row{{1, NAN}, 1, {}}), Special::nan);
  EXPECT_EQ(special(Map::softmax, Row{{1, INFINITY}, 1, {}}), Special::plus_infinity);
  EXPECT_EQ(special(Map::softmax, Row{{INFINITY, NAN}, 1, {}}), Special::nan);
  EXPECT_EQ(special(Map::softmax, Row{{-INFINITY, -INFINITY}, 1, {}}), Special::all_masked);
  EXPECT_EQ(special(Map::softmax, Row{{-INFINITY, 0}, 1, {}}), Special::none);
  EXPECT_EQ(special(Map::softmax, Row{}), Special::empty);
}

TEST(Oracle, SparsemaxOfTheMostNegativeEntryBesideAMask) {
  const auto y = all(certify(Map::sparsemax, f64, Row{{-impls::largest_finite(f64), -INFINITY}, 1, {}}));
  EXPECT_EQ(y[0].rounded, 1);
  EXPECT_EQ(y[1].rounded, 0);
}

// A rational checked against plain integer arithmetic: cpp_rational, sorted textbook algorithm.
using SecondRational = boost::multiprecision::cpp_rational;

SecondRational second_threshold(const std::vector<double>& x) {
  std::vector<SecondRational> sorted;
  for (const double v : x)
    if (v != -INFINITY) sorted.emplace_back(v);
  std::sort(sorted.rbegin(), sorted.rend());
  SecondRational sum = 0, tau = 0;
  for (std::size_t k = 1; k <= sorted.size(); ++k) {
    sum += sorted[k - 1];
    if (1 + k * sorted[k - 1] > sum) tau = (sum - 1) / k;
  }
  return tau;
}

void expect_nearest(const Element& y, const SecondRational& exact, const std::string& what) {
  ASSERT_EQ(y.side, SecondRational(SecondRational(y.rounded) - exact).sign()) << what;
  const SecondRational scale =
      y.ulp_exponent < 0 ? SecondRational(boost::multiprecision::cpp_int(1) << -y.ulp_exponent) : 1;
  ASSERT_LE(abs(SecondRational((SecondRational(y.rounded) - exact) * scale)), SecondRational(1, 2)) << what;
}

TEST(Oracle, SparsemaxAgreesWithASecondRational) {
  for (const char* family : {"normal", "near_ties", "equal", "masked_half", "offset_up", "two_maxima", "outlier_block"})
    for (std::uint64_t index = 0; index < 20; ++index) {
      const Case c = draw(Map::sparsemax, f32, family, 1 + index, 3, index);
      const SecondRational tau = second_threshold(c.row.x);
      const auto y = all(certify(Map::sparsemax, f32, c.row));
      for (std::size_t j = 0; j < y.size(); ++j) {
        const bool inside = c.row.x[j] != -INFINITY && c.row.x[j] > tau;
        expect_nearest(y[j], inside ? SecondRational(c.row.x[j]) - tau : SecondRational(0), id(c));
      }
    }
}

// g_j less the mean of g where the entry is above the threshold: by the Jacobian diag(s) - s sᵀ/k of Martins &
// Astudillo.
TEST(Oracle, TheSparsemaxVjpAgreesWithASecondRational) {
  for (const impls::Format& format : {f64, f32, impls::bf16})
    for (const char* family : {"normal", "near_ties", "equal", "masked_half", "offset_up", "two_maxima"})
      for (std::uint64_t index = 0; index < 12; ++index) {
        const Case c = draw(Map::sparsemax_vjp, format, family, 1 + index, 3, index);
        const SecondRational tau = second_threshold(c.row.x);
        const auto inside = [&](std::size_t j) { return c.row.x[j] != -INFINITY && c.row.x[j] > tau ? 1 : 0; };
        int k = 0;
        for (std::size_t j = 0; j < c.row.x.size(); ++j) k += inside(j);
        const auto v = all(certify(c.map, format, c.row));
        for (std::size_t j = 0; j < v.size(); ++j) {
          SecondRational exact = 0;
          for (std::size_t i = 0; i < v.size(); ++i)
            exact += (SecondRational(i == j ? inside(j) : 0) - SecondRational(inside(i) * inside(j), k)) *
                     SecondRational(c.row.operand[i]);
          expect_nearest(v[j], exact, id(c));
        }
      }
}

TEST(Oracle, TheSparsemaxVjpIsZeroOffTheSupportAndAtTheThreshold) {
  const auto v = all(certify(Map::sparsemax_vjp, f32, Row{.x = {0.5, 0, -0.25, -INFINITY}, .operand = {3, 1, 7, 9}}));
  const double want[] = {1, -1, 0, 0};
  for (std::size_t j = 0; j < 4; ++j) {
    EXPECT_EQ(v[j].rounded, want[j]) << "the third entry lies at the threshold";
    EXPECT_EQ(v[j].side, 0);
  }
}

TEST(PlainMpfr, IsRightToTheLastBitOfADouble) {
  const Case asked = draw(Map::softmax, f64, "wide", 100, 1, 0);
  const Exact exact = certify(asked.map, asked.format, asked.row);
  PlainMpfr plain(100);
  for (int again = 0; again < 2; ++again) {
    plain.softmax(asked.row.x);
    for (std::size_t j = 0; j < 100; ++j) EXPECT_EQ(plain.element(j), exact.rounded[j]) << j;
  }
}

/// decide() on [low, high] given as doubles.
std::optional<Element> decided(const Format& format, double low, double high) {
  mpfr_t a, b;
  mpfr_inits2(53, a, b, nullptr);
  mpfr_set_d(a, low, MPFR_RNDN);
  mpfr_set_d(b, high, MPFR_RNDN);
  const auto y = decide(format, a, b);
  mpfr_clears(a, b, nullptr);
  return y;
}

TEST(Rounding, DecidesOnlyWhatIsDecided) {
  const double ulp = 0x1p-23, middle = 1 + ulp / 2;
  EXPECT_FALSE(decided(f32, middle - ulp * 0x1p-25, middle + ulp * 0x1p-25)) << "the midpoint inside";
  EXPECT_EQ(decided(f32, middle, middle + ulp * 0x1p-25)->rounded, 1 + ulp) << "the midpoint an open end";
  EXPECT_EQ(decided(f32, middle - ulp * 0x1p-25, middle)->rounded, 1);
  EXPECT_EQ(decided(f32, middle, middle)->rounded, 1) << "the midpoint itself: to even";
  EXPECT_FALSE(decided(f32, 1 - 0x1p-45, 1 + 0x1p-45)) << "two binades, two ulps";
  EXPECT_FALSE(decided(f32, 1 + ulp * 0.25 - 0x1p-40, 1 + ulp * 0.25 + 0x1p-40)) << "too wide for the residual";
  EXPECT_FALSE(decided(f32, -0x1p-170, 0x1p-170)) << "the sign is open";
  EXPECT_FALSE(decided(f32, NAN, 1));
  EXPECT_FALSE(decided(f32, 1, INFINITY));
  EXPECT_EQ(decided(f32, -1.5, -1.5)->rounded, -1.5);
}

}  // namespace
}  // namespace audit::reference
