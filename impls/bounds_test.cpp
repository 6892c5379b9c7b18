#include "impls/bounds.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "impls/catalogue.hpp"
#include "impls/every_target.hpp"
#include "impls/hostile_rows.hpp"
#include "impls/true_answers.hpp"

// Every claimed bound against the kernel it is claimed for: the truth (true_answers.hpp) is good to 2^-9 of any bound
// in f64, to 2^-38 in f32 and below; but not of half an ulp of f64 far from the maximum, which the oracle is for
// (bench/exact_test.cpp).

namespace audit::impls {
namespace {

using testing::on_every_target;
using testing::truth;
using testing::Wide;

/// How far off the truth of a softmax is itself: its logarithm by 2 units of long double.
long double truth_error(long double y) { return y > 0 ? 0x1p-63L * y * (4 - std::log(y)) : 0; }

/// abs(got - y); none where the exact value overflows the format and so does the answer.
long double error(const Format& format, double got, long double y) {
  const double rounded = round_to(format, static_cast<double>(y));
  const bool both_overflow = !std::isfinite(rounded) && (got == rounded || (std::isnan(rounded) && std::isnan(got)));
  return both_overflow ? 0 : std::abs(got - y);
}

/// The largest error ÷ bound of a row in the domain; fails where it passes 1.
double utilisation(const Implementation& implementation, const Format& format, const Row& row) {
  const long double truth_slack = format == f64 ? 0x1p-9L : 0x1p-38L;
  const Answer answer = ask(implementation, format, row);
  if (answer.status != 0) return 0;
  const std::vector<Bound> bounds = implementation.claim.bounds(row, format);
  const Wide exact = truth(implementation.map, row);
  EXPECT_EQ(bounds.size(), exact.size());
  double worst = 0;
  for (std::size_t j = 0; j < exact.size(); ++j) {
    const long double y = exact[j], off = error(format, answer.y[j], y);
    const long double relative = y == 0 || std::isinf(y) ? 0 : bounds[j].relative * std::abs(y);
    const long double ulps = std::ldexp(static_cast<long double>(bounds[j].ulps),
                                        ulp_exponent(format, static_cast<double>(std::min(y, 0x1p1000L))));
    const long double bound =
        (relative + bounds[j].absolute + ulps) * (1 + truth_slack) + (bounds[j].ulps > 0 ? truth_error(y) : 0);
    EXPECT_LE(off, bound) << implementation.name << ' ' << format.name << " element " << j << ": got " << answer.y[j]
                          << " for " << y << ", temperature " << row.temperature << ", x "
                          << ::testing::PrintToString(row.x);
    if (bound > 0) worst = std::max(worst, static_cast<double>(off / bound));
  }
  return worst;
}

class EveryClaim : public ::testing::TestWithParam<std::string> {};

// No element exceeds its bound; and some row comes near, so that neither the bound is loose nor the test blind.
TEST_P(EveryClaim, IsKeptAndNearlyReached) {
  const Implementation& implementation = *find(GetParam());
  for (const Format& format : implementation.formats) {
    testing::HostileRows source(traits(implementation.map), format, 1);
    double worst = 0;
    std::size_t rows = 0;
    for (int tried = 0; tried < 4000 && !HasFailure(); ++tried) {
      const Row row = source.next();
      if (!in_domain(implementation.claim, row, format)) continue;
      ++rows;
      worst = std::max(worst, utilisation(implementation, format, row));
    }
    EXPECT_GT(worst, 0.3) << format.name;
    EXPECT_GT(rows, 1000U) << format.name;
  }
}

std::vector<std::string> bounded() {
  std::vector<std::string> names;
  for (const Implementation& implementation : catalogue())
    if (implementation.claim.bounds) names.push_back(implementation.name);
  return names;
}

// The parts of its sum, and with them its bound, are those of the vectors that are used.
TEST(InVectors, ClaimsAreKeptOnEveryTarget) {
  on_every_target([] {
    for (const Format& format : {f64, f32, f16, bf16}) {
      testing::HostileRows source(traits(Map::softmax), format, 2);
      for (int tried = 0; tried < 500 && !HasFailure(); ++tried) {
        const Row row = source.next();
        if (const Implementation& fast = *find("fast"); in_domain(fast.claim, row, format))
          utilisation(fast, format, row);
      }
    }
  });
}

// Long enough to have its exponentials computed twice.
TEST(InVectors, LongRowsKeepTheClaim) {
  Row row;
  for (int j = 0; j <= 1 << 20; ++j) row.x.push_back(round_to(f32, 9 * std::sin(j)));
  on_every_target([&] { EXPECT_LT(utilisation(*find("fast"), f32, row), 0.5); });
}

INSTANTIATE_TEST_SUITE_P(Bounds, EveryClaim, ::testing::ValuesIn(bounded()),
                         [](const auto& instance) { return instance.param; });

TEST(Facts, OfARowWithMasks) {
  const Facts f = facts({{-INFINITY, 1, -INFINITY, 1 + std::log(3.0), 1}, 1, {}});
  EXPECT_EQ(f.terms, 3U);
  EXPECT_EQ(f.changes, 1U);
  EXPECT_DOUBLE_EQ(f.max, 1 + std::log(3.0));
  EXPECT_DOUBLE_EQ(f.log_sum, std::log(5.0 / 3));
  EXPECT_DOUBLE_EQ(f.rest, 0.4);
  EXPECT_DOUBLE_EQ(f.mean_gap, 0.4 * std::log(3.0));
  EXPECT_TRUE(f.masked[0] && f.masked[2] && !f.masked[3]);
  EXPECT_DOUBLE_EQ(f.gap[4], std::log(3.0));
}

TEST(Facts, TakeTemperatureAndNoise) {
  const Facts f = facts({{1, 5}, 2, {7, 1}});
  EXPECT_EQ(f.max, 4);
  EXPECT_EQ(f.gap[1], 1);
  EXPECT_EQ(f.logit[1], 3);
  EXPECT_EQ(f.changes, 0U);
}

// A spread beyond the largest double: no NaN from 0 · inf.
TEST(Facts, OfAnOverflowingSpread) {
  const Facts f = facts({{1e308, -1e308}, 1, {}});
  EXPECT_EQ(f.gap[1], INFINITY);
  EXPECT_EQ(f.mean_gap, 0);
  EXPECT_EQ(f.rest, 0);
}

TEST(Bounds, AreInfiniteForRowsTooLong) {
  const Row row{std::vector<double>(std::size_t{1} << 23, 1.0), 1, {}};
  EXPECT_EQ(shifted_softmax(row, f32).front().relative, INFINITY);
  EXPECT_LT(shifted_softmax(row, f64).front().relative, 1e-8);
}

// Worked by hand for [0, log 2, log 3]: S = 2, g = 1/6, 1/3, 1/2, J = 2; units of u, to first order.
TEST(Bounds, AreTheFormulas) {
  const double log2 = std::log(2), log3 = std::log(3), mean_gap = log3 / 6 + std::log(1.5) / 3;
  const double E = mean_gap + 2 * log2 + 0.5 * 3;
  const auto expect = [&](const auto& bounds, double temperature, std::size_t j, double want) {
    const Bound got = bounds({{0, log2 * temperature, log3 * temperature}, temperature, {}}, f64)[j];
    EXPECT_NEAR((got.relative + got.absolute) / unit_roundoff(f64), want, 1e-6) << want;
  };
  expect(unshifted_softmax, 1, 0, 7);
  expect(unshifted_softmax, 2, 1, 7 + log2 + log2 / 3 + log3 / 2);
  expect(shifted_softmax, 1, 0, 7 + log3 + mean_gap);
  expect(shifted_softmax, 2, 0, 7 + 2 * (log3 + mean_gap));
  const auto in_parts = [](const Row& row, const Format& format) { return fast_softmax(row, format, 64); };
  expect(in_parts, 1, 0, 2 + 8 + 1.31 * (log3 + mean_gap));
  expect(in_parts, 2, 0, 2 + 8 + 2.31 * (log3 + mean_gap));
  expect(online_softmax, 1, 0, 7 + 3 * 2 + log3 + mean_gap);
  expect(division_free_softmax, 1, 0, 2 + log3 + log2 + log3 + log2 + E);
  expect(division_free_softmax, 2, 0, 2 + 2 * (log3 + log2) + log3 + log2 + E + mean_gap + log2);
  expect(shifted_log_softmax, 1, 0, log3 + log3 + log2 + E);
  expect(log_of_shifted_softmax, 1, 2, 7 + mean_gap + 2 * log2);
  expect(shifted_logsumexp, 1, 0, log3 + log2 + E);
  const double whole_E = mean_gap + 2 * log2 + 2 + 0.5 * 2;
  expect(divided_first_softmax, 1, 0, 7 + log3 + mean_gap);
  expect(divided_first_softmax, 2, 1, 7 + log3 - log2 + 2 * mean_gap + log2 + log3);
  expect(mantissa_exponent_softmax, 1, 0, 8.2);
  expect(mantissa_exponent_softmax, 2, 1, 8.2 + log2 + log3);
  expect(log_of_sum_log_softmax, 1, 0, log3 + log3 + log2 + whole_E);
  expect(log_of_sum_logsumexp, 1, 0, log3 + log2 + whole_E);
  expect(logsumexp_log_softmax, 1, 0, 2 * (log3 + log2) + E);
  expect(logsumexp_log_softmax, 2, 0, 3 * (log3 + log2) + E + mean_gap + log2);
  expect(unshifted_logsumexp, 1, 0, 4 + 2 * (log3 + log2));
}

double in_u(const Bound& bound) { return (bound.relative + bound.absolute) / unit_roundoff(f64); }

TEST(Bounds, OfOtherSumsCountTheirAdditions) {
  const Row row{std::vector<double>(9, 1.0), 1};
  EXPECT_NEAR(in_u(shifted_softmax(row, f64)[0]), 8 + 5, 1e-6);
  EXPECT_NEAR(in_u(pairwise_softmax(row, f64)[0]), 4 + 5, 1e-6);
  EXPECT_NEAR(in_u(compensated_softmax(row, f64)[0]), 1 + 5, 1e-6);
}

// The sum of two ones loses one rounding, numerator and terms two; that of 2^20 stops, and is too small by less than
// itself.
TEST(Bounds, OfASumIn16Bits) {
  const auto inside = [](std::size_t n, const Format& format) {
    return narrow_sum_softmax({std::vector<double>(n, 1.0), 1}, format)[0].relative / 1.5;
  };
  EXPECT_NEAR(inside(2, bf16), std::pow(1 + 0x1p-8, 3) - 1, 1e-6);
  EXPECT_NEAR(inside(2, f16), std::pow(1 + 0x1p-11, 3) - 1, 1e-6);
  EXPECT_NEAR(inside(1 << 20, bf16), std::pow(1 + 0x1p-8, 2) * 0x1p20, 2);
}

// [0, log 3] in heap order: leaf 0 to the right of the root, the others below by 1/4 and 3/4.
TEST(Bounds, OfATreeAddUpOnTheWay) {
  const std::vector<Bound> bounds = product_of_logistics({{0, std::log(3.0)}, 1}, f64);
  EXPECT_NEAR(in_u(bounds[0]), 3, 1e-6);
  EXPECT_NEAR(in_u(bounds[1]), 3 + 3.5 + 1, 1e-6);
  EXPECT_NEAR(in_u(bounds[2]), 3 + 2.5 + 1, 1e-6);
}

// For [0, log 2, log 3] and the gradient [1, 0, 0]: d = 1/6, G = 1.
TEST(Bounds, OfGradients) {
  const double log3 = std::log(3), mean_gap = log3 / 6 + std::log(1.5) / 3, common = 4 + mean_gap;
  const Row row{{0, std::log(2), log3}, 1, {1, 0, 0}};
  EXPECT_NEAR(in_u(shifted_softmax_vjp(row, f64)[0]), ((common + 5 + log3) * 5 / 6 + common / 6 + (6 + log3) / 6) / 6,
              1e-6);
  EXPECT_NEAR(in_u(shifted_log_softmax_vjp(row, f64)[0]), 5.0 / 6 + (7 + log3 + mean_gap + 1 + 2) / 6, 1e-6);
}

// For [0, log 2, log 3] and the last of them, of mass 1/2: the others have a sum of 1 relative to it.
TEST(Bounds, OfTheGradientOfALossAreRelative) {
  const double log3 = std::log(3), reach = log3 / 3 + std::log(1.5) * 2 / 3, mean_gap = reach / 2;
  const Row row{.x = {0, std::log(2), log3}, .target = {2}};
  EXPECT_NEAR(in_u(shifted_cross_entropy_vjp(row, f64)[0]), 7 + log3 + mean_gap, 1e-6);
  EXPECT_NEAR(in_u(shifted_cross_entropy_vjp(row, f64)[2]), 2 + (5 + reach) / 2, 1e-6);
}

// Of [1, 0]: w = (√7 ± 1)/2, Σ w = √7, 4 - 2 s² = √7.
TEST(Bounds, OfEntmax) {
  const Row row{{1, 0}, 1};
  const double root = std::sqrt(7), w = (root + 1) / 2, s = (root - 1) / 2, off = 1.5 + 5 * s;
  EXPECT_NEAR(in_u(sorted_entmax15(row, f64)[0]), 3 + 2 / w + w * off / 2, 1e-6);
  EXPECT_NEAR(in_u(sorted_entmax15(row, f64)[1]), 1 + s * off / 2, 1e-6);
  const double moved = 2 + s / root + 8 / root, relative = 8 + s / 2;
  EXPECT_NEAR(in_u(bisected_entmax15(row, f64)[0]), relative + moved * (w * w / 4 * root - w) / 2, 1e-6);
  EXPECT_NEAR(in_u(bisected_entmax15(row, f64)[1]), relative + moved * (s - s * s / 4 * root) / 2 + s / 2, 1e-6);
}

// One entry has all, and nothing is rounded; -2 lies at the threshold, and may be taken for the other side of it.
TEST(Bounds, OfEntmaxAreExactOutsideOfTheSupport) {
  const Row alone{{0, -2.25, -INFINITY}, 1}, contested{{0, -2}, 1};
  for (std::size_t j = 0; j < 3; ++j) EXPECT_LT(in_u(sorted_entmax15(alone, f64)[j]), 1e-6);
  for (const auto& bound : {sorted_entmax15, bisected_entmax15}) {
    EXPECT_EQ(bound(alone, f64)[1].absolute, 0);
    EXPECT_EQ(bound(alone, f64)[2].absolute, 0);
    EXPECT_GT(bound(contested, f64)[1].absolute, 0);
    EXPECT_LT(bound(contested, f64)[1].absolute, 0x1p-90) << "the square of what the threshold is off by";
    EXPECT_EQ(bound({std::vector<double>(std::size_t{1} << 22, 1.0), 1}, f32)[0].relative, INFINITY);
  }
}

TEST(Bounds, OfTheGradientOfSparsemaxAreThoseOfAMean) {
  const Row row{{0.5, 0, -2}, 1, {1, -1, 5}};
  EXPECT_NEAR(in_u(sorted_sparsemax_vjp(row, f64)[0]), 1 + 0 + 1, 1e-6);
  EXPECT_EQ(sorted_sparsemax_vjp(row, f64)[2].absolute, 0);
  EXPECT_TRUE(support_is_certain(row, f64));
  EXPECT_FALSE(support_is_certain({{0.5, 0, -0.25}, 1, {1, 1, 1}}, f64)) << "at the threshold";
  EXPECT_TRUE(support_is_certain({{0.5, 0, -0.25 - 0x1p-12}, 1, {1, 1, 1}}, f32));
  EXPECT_FALSE(support_is_certain({{0.5, 0, -0.25 - 0x1p-22}, 1, {1, 1, 1}}, f32));
}

TEST(Bounds, OfSparsemaxDifferOnlyWhereAnEntryLiesAtTheThreshold) {
  const Row clear{{0, -0.5, -3}, 1}, contested{{0, -0.5, -0.75, -0.875}, 1};
  for (std::size_t j = 0; j < 3; ++j)
    EXPECT_EQ(filtered_sparsemax(clear, f32)[j].absolute, sorted_sparsemax(clear, f32)[j].absolute);
  // tau = -3/4; K = 4 within 1 of the maximum, two of k = 3 certainly in the support: (K + 4)/2 where the sort has
  // (k + 2 + log k)·3/4.
  const double apart = filtered_sparsemax(contested, f64)[0].absolute - sorted_sparsemax(contested, f64)[0].absolute;
  EXPECT_NEAR(apart / unit_roundoff(f64), 4 - (5 + std::log(3)) * 0.75, 1e-6);
}

// τ log S is subnormal and loses a third of itself.
TEST(Bounds, CoverATemperatureBelowEveryNormalNumber) {
  const Row row{{0, 0}, smallest_subnormal(f32), {}};
  EXPECT_GT(utilisation(*find("log_sum_exp"), f32, row), 0.1);
}

TEST(Bounds, OfANarrowFormatAreThoseOfF32AndHalfAnUlp) {
  Claim inner;
  inner.domain.contains = spread_fits;
  inner.bounds = shifted_softmax;
  const Claim claim = rounded_once(inner);
  const Row row{{0, -1, -INFINITY}, 1, {}};
  for (const Format& format : formats) {
    const std::vector<Bound> got = claim.bounds(row, format), inside = shifted_softmax(row, f32);
    if (format.bytes >= 4) {
      EXPECT_EQ(got[1].relative, shifted_softmax(row, format)[1].relative);
      EXPECT_EQ(got[1].ulps, 0);
    } else {
      EXPECT_EQ(got[1].relative, 1.5 * inside[1].relative);
      EXPECT_EQ(got[1].absolute, 1.5 * inside[1].absolute);
      EXPECT_EQ(got[1].ulps, 0.5);
    }
    EXPECT_EQ(got[2].relative + got[2].absolute + got[2].ulps, 0) << "a masked entry is exact";
  }
  const Row wide{{65504, -65504}, 100, {}};
  EXPECT_TRUE(claim.domain.contains(wide, f16)) << "the difference is a float";
  EXPECT_FALSE(spread_fits(wide, f16));
}

TEST(Bounds, OfSubnormalsAreRoundedUp) {
  const Bound deep = division_free_softmax({{0, -740}, 1, {}}, f64)[1];
  EXPECT_GT(deep.absolute, smallest_subnormal(f64));
}

TEST(Bounds, MaskedEntriesAreExact) {
  for (const auto& bound : {shifted_softmax, online_softmax, shifted_log_softmax, sorted_sparsemax}) {
    const Bound masked = bound({{0, -INFINITY}, 1, {}}, f32)[1];
    EXPECT_EQ(masked.relative, 0);
    EXPECT_EQ(masked.absolute, 0);
  }
}

TEST(Domains, EndWhereTheExponentialsDo) {
  EXPECT_TRUE(exponentials_fit({{80, -80, -INFINITY}, 1, {}}, f32));
  EXPECT_FALSE(exponentials_fit({{89, 0}, 1, {}}, f32));
  EXPECT_FALSE(exponentials_fit({{0, -88}, 1, {}}, f32));
  EXPECT_TRUE(exponentials_fit({{89, 0}, 1, {}}, f64));
  EXPECT_TRUE(exponentials_fit({{89, 0}, 2, {}}, f32));
  EXPECT_TRUE(components_fit({{1000, 920}, 1, {}}, f32));
  EXPECT_FALSE(components_fit({{1000, 900}, 1, {}}, f32));
}

TEST(Domains, EndWhereDifferencesOverflow) {
  const Row wide{{3e38, -3e38}, 1, {}}, hot{{3e38, -3e38}, 1e37, {}}, noisy{{3e38, 0}, 1, {1e38, 0}};
  EXPECT_TRUE(spread_fits(wide, f32));
  EXPECT_TRUE(log_spread_fits(wide, f32));
  EXPECT_FALSE(spread_fits(hot, f32));
  EXPECT_FALSE(log_spread_fits(hot, f32));
  EXPECT_TRUE(spread_fits(hot, f64));
  EXPECT_FALSE(spread_fits(noisy, f32));
  EXPECT_FALSE(logsumexp_fits({{3e38, 0}, 1, {}}, f32));
}

TEST(Claims, LoseTheirBoundUnderOptions) {
  const Claim claim = find("stable")->claim, fast = find("stable_fastmath")->claim;
  EXPECT_TRUE(claim.bounds);
  EXPECT_FALSE(fast.bounds);
  EXPECT_TRUE(fast.bound.empty());
  EXPECT_FALSE(fast.promises & (shift_exact | subnormals | batch_invariant));
  EXPECT_FALSE(in_domain(fast, {{0, -INFINITY}, 1, {}}, f32));
  EXPECT_TRUE(in_domain(fast, {{0, 1}, 1, {}}, f32));
}

}  // namespace
}  // namespace audit::impls
