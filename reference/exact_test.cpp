#include "reference/exact.hpp"

#include <gtest/gtest.h>
#include <mpfr.h>

#include <cmath>

#include "reference/rounding.hpp"

namespace audit::reference {
namespace {

using impls::Format;

/// The element of a + b, b far smaller than a.
Element exactly(const Format& format, double a, double b) {
  mpfr_t y;
  mpfr_init2(y, 4400);
  mpfr_set_d(y, a, MPFR_RNDN);
  mpfr_add_d(y, y, b, MPFR_RNDN);
  const auto element = decide(format, y, y);
  mpfr_clear(y);
  return element.value();
}

Exact holding(const Format& format, const Element& y) {
  Exact exact;
  exact.format = format;
  exact.rounded.resize(1);
  exact.rest.resize(1);
  exact.set(0, y);
  return exact;
}

/// An element survives the structure of arrays: what is set is what is read.
void expect_kept(const Format& format, double a, double b) {
  const Element y = exactly(format, a, b), kept = holding(format, y).element(0);
  const std::string what = std::string(format.name) + ": " + std::to_string(a) + " + " + std::to_string(b);
  EXPECT_EQ(std::signbit(kept.rounded), std::signbit(y.rounded)) << what;
  EXPECT_EQ(kept.rounded, y.rounded) << what;
  EXPECT_EQ(kept.units, y.units) << what;
  EXPECT_EQ(kept.side, y.side) << what;
  EXPECT_EQ(kept.ulp_exponent, y.ulp_exponent) << what;
  EXPECT_NEAR(kept.residual, y.residual, 0x1p-50) << what;
  EXPECT_TRUE(kept.decided);
}

TEST(Exact, AnElementSurvivesTheArrays) {
  for (const Format& format : impls::formats) {
    const double least = impls::smallest_subnormal(format), normal = impls::smallest_normal(format);
    const double most = impls::largest_finite(format);
    for (const double sign : {1.0, -1.0})
      for (const double a : {0.0, least, 3 * least, normal - least, normal, 1.0, 1.5, 3.0, most})
        for (const double part : {0.0, 0.125, -0.125, 0.4375, -0.4375, 0x1p-40, -0x1p-40}) {
          const double b = std::ldexp(part, impls::ulp_exponent(format, a));
          if (b == 0 && part != 0) continue;
          expect_kept(format, sign * a, sign * b);
        }
  }
}

// y = m·2^-1074 + 2^-1077: an eighth of the smallest double cannot be a double, but it is in units of 2^-53.
TEST(Exact, HoldsAPartOfTheSmallestDouble) {
  for (const double m : {0.0, 1.0, 5.0, 0x1p52, 0x1p53}) {
    mpfr_t y;
    mpfr_init2(y, 200);
    mpfr_set_d(y, m + 0.125, MPFR_RNDN);
    if (m > 0x1p50) mpfr_add_d(y, y, 0.125, MPFR_RNDN);
    mpfr_mul_2si(y, y, -1074, MPFR_RNDN);
    const Element element = decide(impls::f64, y, y).value();
    const Exact exact = holding(impls::f64, element);
    EXPECT_EQ(exact.element(0).residual, element.residual) << m;
    EXPECT_LT(exact.element(0).residual, 0) << m;
    mpfr_clear(y);
  }
}

TEST(Exact, ASideWithoutAResidualIsKept) {
  for (const Format& format : impls::formats)
    for (const int side : {-1, 1}) {
      Element y;
      y.side = side;
      y.ulp_exponent = impls::ulp_exponent(format, 0);
      const Exact exact = holding(format, y);
      EXPECT_NE(exact.rest[0], 0);
      EXPECT_EQ(exact.element(0).side, side);
      EXPECT_NEAR(exact.element(0).residual, 0, 0x1p-50);
    }
}

TEST(Exact, OverflowIsMeasuredFromWhatInfinityStandsFor) {
  for (const Format& format : {impls::f32, impls::f16, impls::bf16, impls::f8e4m3, impls::f8e5m2}) {
    const double first = impls::first_overflow(format), ulp = first - impls::largest_finite(format);
    for (const double sign : {1.0, -1.0})
      for (const double y : {first - ulp / 2, first - ulp / 4, first + ulp / 4, 3 * first})
        expect_kept(format, sign * y, 0);
  }
  expect_kept(impls::f64, 0x1.fffffffffffffp1023, 0x1p970);
  expect_kept(impls::f64, 0x1.fffffffffffffp1023, 0x1.8p970);
  expect_kept(impls::f64, 0x1.fffffffffffffp1023, 0x1.fffffffffffffp1023);
}

TEST(Exact, TheUndecidedAreNamed) {
  Exact exact = holding(impls::f32, exactly(impls::f32, 1, 0));
  exact.undecided = {0};
  EXPECT_FALSE(exact.element(0).decided);
  exact = holding(impls::f16, exactly(impls::f16, 1e6, 0));
  exact.undecided = {0};
  EXPECT_FALSE(exact.element(0).decided);
}

}  // namespace
}  // namespace audit::reference
