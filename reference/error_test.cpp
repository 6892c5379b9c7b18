#include "reference/error.hpp"

#include <gtest/gtest.h>
#include <mpfr.h>

#include <cmath>

#include "reference/rounding.hpp"

namespace audit::reference {
namespace {

using impls::f16;
using impls::f32;
using impls::f64;
using impls::Format;

constexpr double ulp32 = 0x1p-23;  // of [1, 2)
constexpr double tiny32 = 0x1p-149;

/// The exact value a + b, b far smaller than a: built in MPFR, decided by the one rounding function.
Element exactly(const Format& format, double a, double b = 0) {
  mpfr_t y;
  mpfr_init2(y, 4000);
  mpfr_set_d(y, a, MPFR_RNDN);
  mpfr_add_d(y, y, b, MPFR_RNDN);
  const auto element = decide(format, y, y);
  mpfr_clear(y);
  return element.value();
}

Element minus_infinity() {
  Element y;
  y.rounded = -INFINITY;
  return y;
}

struct Expected {
  const char* what;
  Format format;
  double got;
  Element y;
  Outcome outcome;
  double ulp;  // NaN: no number
};

// Every number here was worked out by hand from the definition of numerics.md section 1.
TEST(Error, IsTheTableOfNumerics) {
  const double none = NAN;
  const Expected table[] = {
      {"representable", f32, 1.5, exactly(f32, 1.5), Outcome::exact, 0},
      {"representable, one ulp above", f32, 1.5 + ulp32, exactly(f32, 1.5), Outcome::off, 1},
      {"nearest, y a quarter above", f32, 1.5, exactly(f32, 1.5, ulp32 / 4), Outcome::correctly_rounded, -0.25},
      {"tie to even", f32, 1.0, exactly(f32, 1.0, ulp32 / 2), Outcome::correctly_rounded, -0.5},
      {"tie, the odd one", f32, 1.0 + ulp32, exactly(f32, 1.0, ulp32 / 2), Outcome::faithful, 0.5},
      {"other neighbour", f32, 1.5 + ulp32, exactly(f32, 1.5, ulp32 / 4), Outcome::faithful, 0.75},
      {"wrong side", f32, 1.5 - ulp32, exactly(f32, 1.5, ulp32 / 4), Outcome::off, -1.25},
      {"three away", f32, 1.5 - 3 * ulp32, exactly(f32, 1.5), Outcome::off, -3},
      {"y just below a power of two has the smaller ulp", f32, 1.0, exactly(f32, 1.0, -ulp32 / 8),
       Outcome::correctly_rounded, 0.25},
      {"above the power of two, y below it", f32, 1.0 + ulp32, exactly(f32, 1.0, -ulp32 / 8), Outcome::off, 2.25},
      {"y a power of two, one below", f32, 1.0 - ulp32 / 2, exactly(f32, 1.0), Outcome::off, -0.5},
      {"negative y", f32, -1.5, exactly(f32, -1.5, -ulp32 / 4), Outcome::correctly_rounded, 0.25},
      {"wrong sign", f32, 1.5, exactly(f32, -1.5), Outcome::off, 3 / ulp32},
      {"subnormal", f32, 3 * tiny32, exactly(f32, 3 * tiny32, tiny32 / 4), Outcome::correctly_rounded, -0.25},
      {"subnormal, two away", f32, 5 * tiny32, exactly(f32, 3 * tiny32), Outcome::off, 2},
      {"rounds to 0", f32, 0.0, exactly(f32, tiny32 / 4), Outcome::correctly_rounded, -0.25},
      {"0 is faithful below the smallest subnormal", f32, 0.0, exactly(f32, tiny32 * 0.75), Outcome::faithful, -0.75},
      {"smallest subnormal flushed", f32, 0.0, exactly(f32, tiny32), Outcome::flushed, none},
      {"subnormal flushed", f32, 0.0, exactly(f32, 9 * tiny32), Outcome::flushed, none},
      {"normal flushed", f32, -0.0, exactly(f32, 0.5), Outcome::flushed, none},
      {"exact zero", f32, 0.0, exactly(f32, 0), Outcome::exact, 0},
      {"exact zero, minus zero got", f32, -0.0, exactly(f32, 0), Outcome::exact, 0},
      {"leaked", f32, 1.8e-35, exactly(f32, 0), Outcome::leaked, none},
      {"leaked infinity", f32, INFINITY, exactly(f32, 0), Outcome::spurious_inf, none},
      {"leaked nan", f32, NAN, exactly(f32, 0), Outcome::spurious_nan, none},
      {"nan", f32, NAN, exactly(f32, 0.5), Outcome::spurious_nan, none},
      {"infinity", f32, INFINITY, exactly(f32, 0.5), Outcome::spurious_inf, none},
      {"overflow to infinity", f16, INFINITY, exactly(f16, 65520), Outcome::correctly_rounded, 0.5},
      {"beyond what infinity stands for", f16, INFINITY, exactly(f16, 1e6), Outcome::correctly_rounded, 0},
      {"beyond it, downwards", f16, -INFINITY, exactly(f16, -1e6), Outcome::correctly_rounded, 0},
      {"largest finite, y above it", f16, 65504, exactly(f16, 65520), Outcome::faithful, -0.5},
      {"infinity, y just above the largest", f16, INFINITY, exactly(f16, 65505), Outcome::faithful, 31.0 / 32},
      {"no infinities: 464 and beyond overflow", impls::f8e4m3, NAN, exactly(impls::f8e4m3, 470),
       Outcome::correctly_rounded, 10.0 / 32},
      {"no infinities: NaN is the other neighbour", impls::f8e4m3, NAN, exactly(impls::f8e4m3, 449), Outcome::faithful,
       31.0 / 32},
      {"no infinities: NaN for a finite answer", impls::f8e4m3, NAN, exactly(impls::f8e4m3, 448), Outcome::spurious_nan,
       none},
      {"infinity, y far beyond it", f16, INFINITY, exactly(f16, 100000), Outcome::correctly_rounded, 0},
      {"minus infinity, y far beyond it", f16, -INFINITY, exactly(f16, -100000), Outcome::correctly_rounded, 0},
      {"exact -inf", f32, -INFINITY, minus_infinity(), Outcome::exact, 0},
      {"lost -inf", f32, -1e30, minus_infinity(), Outcome::lost_inf, none},
      {"the other infinity", f32, INFINITY, minus_infinity(), Outcome::lost_inf, none},
      {"-inf turned into nan", f32, NAN, minus_infinity(), Outcome::spurious_nan, none},
      {"f64", f64, 0.1, exactly(f64, 0.1, 0x1p-58), Outcome::correctly_rounded, -0.25},
  };
  for (const Expected& row : table) {
    const Error error = measure(row.format, row.got, true, row.y);
    EXPECT_EQ(label(error.outcome), label(row.outcome)) << row.what;
    EXPECT_EQ(std::isnan(error.ulp), std::isnan(row.ulp)) << row.what;
    if (!std::isnan(row.ulp)) {
      EXPECT_DOUBLE_EQ(error.ulp, row.ulp) << row.what;
      EXPECT_DOUBLE_EQ(error.distance, std::abs(row.ulp)) << row.what;
    }
    EXPECT_EQ(has_number(error.outcome), !std::isnan(error.ulp)) << row.what;
  }
}

TEST(Error, UnwrittenComesBeforeEverything) {
  EXPECT_EQ(measure(f32, 1.0, false, exactly(f32, 1.0)).outcome, Outcome::unwritten);
}

TEST(Error, IsTotal) {
  const double values[] = {0.0,      -0.0,      tiny32, -tiny32, 0x1p-126, 1.0, -1.0, impls::largest_finite(f32),
                           INFINITY, -INFINITY, NAN};
  for (const double y : {0.0, tiny32, -tiny32, 0.75 * tiny32, 1.0, 0x1p127, 1e300, -1e300})
    for (const double got : values) {
      const Error error = measure(f32, got, true, exactly(f32, y));
      EXPECT_FALSE(std::isnan(error.distance));
      EXPECT_EQ(has_number(error.outcome), !std::isnan(error.ulp)) << got << " for " << y;
    }
}

TEST(Bounds, RelativeAndAbsoluteInUlpsOfTheExactValue) {
  EXPECT_DOUBLE_EQ(in_ulps({3 * ulp32, 0}, exactly(f32, 1.5)), 4.5);
  EXPECT_DOUBLE_EQ(in_ulps({0, tiny32}, exactly(f32, 3 * tiny32)), 1);
  EXPECT_DOUBLE_EQ(in_ulps({0, 0, 0.5}, exactly(f16, 0x1p-14 - 0x1p-30)), 0.5) << "of the exact value's own ulp";
  EXPECT_DOUBLE_EQ(in_ulps({0x1p-11, 0x1p-24, 0.5}, exactly(f16, 1.5)), 1.5 / 2 + 0x1p-14 + 0.5);
  EXPECT_DOUBLE_EQ(in_ulps({INFINITY, tiny32}, exactly(f32, 0)), 1) << "an infinite relative bound says nothing of 0";
  EXPECT_DOUBLE_EQ(in_ulps({1, 1}, minus_infinity()), 0);
}

/// Distances of more than 2^1023 ulps, which only f64 has.
TEST(Bounds, HoldWhereADistanceInUlpsOverflows) {
  for (const double y : {0.0, 0x1p-1074, -0x1p-1060}) {
    const Error error = measure(f64, 0x1p-50, true, exactly(f64, y));
    EXPECT_TRUE(stands(f64, error, exactly(f64, y), {0, 0x1p-50 + std::abs(y)}, true).kept) << y;
    EXPECT_FALSE(stands(f64, error, exactly(f64, y), {0, 0x1.fffffffffffp-51}, true).kept) << y;
  }
  EXPECT_FALSE(stands(f64, measure(f64, NAN, true, exactly(f64, 0)), exactly(f64, 0), {0, INFINITY}, true).kept);
}

/// An infinite relative bound holds every number beside a y that underflows, and none beside 0.
TEST(Bounds, ThatAreInfiniteHoldNumbersBesideWhatUnderflows) {
  Element y = exactly(f64, 0);
  const auto kept = [&](double got) { return stands(f64, measure(f64, got, true, y), y, {INFINITY, 0}, true).kept; };
  EXPECT_FALSE(kept(0.5));
  y.residual = -std::numeric_limits<double>::denorm_min();
  y.side = -1;
  EXPECT_TRUE(kept(0.5));
  EXPECT_FALSE(kept(NAN));
  EXPECT_FALSE(kept(INFINITY));
}

Standing standing(double got, const Element& y, impls::Bound bound, bool subnormals = true) {
  return stands(f32, measure(f32, got, true, y), y, bound, subnormals);
}

TEST(Bounds, AreKeptUpToTheLastUlpAndNoNaNKeepsOne) {
  const Element y = exactly(f32, 1.0);
  EXPECT_TRUE(standing(1 + 2 * ulp32, y, {2 * ulp32, 0}).kept);
  EXPECT_DOUBLE_EQ(standing(1 + 2 * ulp32, y, {4 * ulp32, 0}).utilisation, 0.5);
  EXPECT_FALSE(standing(1 + 3 * ulp32, y, {2.99 * ulp32, 0}).kept);
  EXPECT_FALSE(standing(NAN, y, {1e300, 1e300}).kept);
  EXPECT_FALSE(standing(INFINITY, y, {1e300, 1e300}).kept);
  EXPECT_FALSE(standing(NAN, y, {INFINITY, INFINITY}).kept);
  EXPECT_FALSE(stands(f32, measure(f32, 1.0, false, y), y, {1e300, 1e300}, true).kept);
  EXPECT_TRUE(standing(1.0, y, {0, 0}).kept) << "an exact answer keeps a bound of 0";
}

TEST(Bounds, ALeakIsHeldAgainstTheAbsoluteBound) {
  const Element zero = exactly(f32, 0);
  EXPECT_FALSE(standing(1e-30, zero, {1, 0}).kept);
  EXPECT_TRUE(standing(1e-8, zero, {0, 2e-8}).kept) << "an entry of sparsemax within rounding of the threshold";
}

TEST(Bounds, FlushingIsExcusedOnlyWhereNotPromisedAndSubnormal) {
  EXPECT_FALSE(standing(0, exactly(f32, 9 * tiny32), {ulp32, 0}, true).kept);
  EXPECT_TRUE(standing(0, exactly(f32, 9 * tiny32), {ulp32, 0}, false).kept);
  EXPECT_FALSE(standing(0, exactly(f32, 0x1p-120), {ulp32, 0}, false).kept);
  const Element below_the_smallest = exactly(f32, 0.75 * tiny32);
  EXPECT_FALSE(standing(0, below_the_smallest, {ulp32, 0}, true).kept);
  EXPECT_TRUE(standing(0, below_the_smallest, {ulp32, 0}, false).kept);
  EXPECT_FALSE(standing(2 * tiny32, below_the_smallest, {ulp32, 0}, false).kept);
}

}  // namespace
}  // namespace audit::reference
