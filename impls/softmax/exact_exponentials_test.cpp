#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "impls/softmax/exact_exponentials_test.cpp"
#include "impls/simd_targets.hpp"
// In this order: what it includes, it includes once for each target.
#include <hwy/foreach_target.h>

#include "impls/softmax/exact_double-inl.hpp"
#include "impls/softmax/exact_testing.hpp"
#include "impls/softmax/exact_wide-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace audit::impls::correctly_rounded::HWY_NAMESPACE {

double in_double(double z) { return hn::GetLane(exponential(hn::Set(Doubles(), z))); }
Pair<double> in_pairs(double z_hi, double z_lo) {
  const Pair<Double> e = pair_exponential({hn::Set(Doubles(), z_hi), hn::Set(Doubles(), z_lo)});
  return {hn::GetLane(e.hi), hn::GetLane(e.lo)};
}
Pair<double> quotient(double x, double max, double temperature) {
  const Pair<Double> z = PairLogits(max, temperature)(hn::Set(Doubles(), x));
  return {hn::GetLane(z.hi), hn::GetLane(z.lo)};
}

void unrounded(const std::vector<float>& x, double temperature, Unrounded& found) {
  DoubleStep<f32_at> first(x.size(), temperature);
  const Look look = first.look(x.data());
  first.take(x.data(), look);
  const std::vector<double> wide(x.begin(), x.end());
  PairStep second(f32, x.size(), temperature, Step::in_double);
  second.take(wide.data(), look.max);
  found = {{}, static_cast<double>(first.units()), {}};
  for (std::size_t j = 0; j < x.size(); ++j) {
    found.in_double.push_back(first.unrounded(j));
    found.in_pairs.push_back(second.unrounded(j));
  }
}

}  // namespace audit::impls::correctly_rounded::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "impls/every_target.hpp"

namespace audit::impls::correctly_rounded {
HWY_EXPORT(in_double);
HWY_EXPORT(in_pairs);
HWY_EXPORT(quotient);
HWY_EXPORT(unrounded);
namespace {

TEST(Constants, AreWhatTheySayTheyAre) {
  for (std::size_t i = 0; i < 16; ++i) {
    Quad power = whole(sixteenths[i]);
    for (int k = 0; k < 4; ++k) power *= power;
    EXPECT_LE(size(power / static_cast<Quad>(1U << i) - 1), 16 * 0x1p-107 + 0x1p-107) << i;
    EXPECT_LE(std::abs(sixteenths[i].lo), 0x1p-53);
  }
  Quad factorial = 1;
  for (std::size_t k = 0; k < taylor.size(); ++k) {
    if (k > 0) factorial *= k;
    EXPECT_LE(size(whole(taylor[k]) * factorial - 1), 0x1p-106) << k;
  }
  const auto [high, middle, low, tail, inverse] = step_of_log;
  EXPECT_EQ(std::ldexp(high, 42), std::nearbyint(std::ldexp(high, 42)));
  EXPECT_EQ(std::ldexp(middle, 80), std::nearbyint(std::ldexp(middle, 80)));
  EXPECT_LT(high, 0x1p-4);
  EXPECT_LT(middle, 0x1p-43);
  EXPECT_EQ(tail, middle + low);
  EXPECT_LE(size(Quad{inverse} * high - 1), 0x1p-37);
  // e^(16·step) = 2, so that the step is right to what the series is.
  EXPECT_LE(size(exponential_of(16 * (Quad{high} + middle + low)) / 2 - 1), 0x1p-98);
}

// Between the points the error of the polynomial moves by less than 2^-60: its second derivative is below 2^-38, and
// they lie 2^-17 apart...
TEST(Constants, ThePolynomialIsTheExponential) {
  const double end = 0x1.62e42fefa39fp-6 * (1 + 0x1p-30);
  double worst = 0;
  for (int i = -6000; i <= 6000; ++i) {
    const Quad r = Quad{end} * i / 6000;
    Quad q = 0;
    for (std::size_t k = slope.size(); k-- > 0;) q = q * r + slope[k];
    worst = std::max(worst, size((1 + r * q) / exponential_of(r) - 1));
  }
  EXPECT_LE(worst, 0x1p-56);
}

/// The largest error of e^z as a share of what exact.md proves.
TEST(Exponentials, KeepTheirBounds) {
  std::mt19937_64 random(1);
  testing::on_every_target([&] {
    double of_double = 0, of_pairs = 0;
    for (int i = 0; i < 20000; ++i) {
      const double z = -std::exp(std::uniform_real_distribution(-30.0, std::log(746.0))(random));
      const double lo = std::uniform_real_distribution(-0x1p-54, 0x1p-54)(random) * z;
      if (z > least_z) {
        const Quad want = exponential_of(z);
        of_double = std::max(of_double, size(HWY_DYNAMIC_DISPATCH(in_double)(z) / want - 1) / exponential_error);
      }
      const Quad want = exponential_of(Quad{z} + lo), got = whole(HWY_DYNAMIC_DISPATCH(in_pairs)(z, lo));
      of_pairs = std::max(of_pairs, size(got * power_of_two(-pair_scale) / want - 1) / pair_exponential_error);
    }
    EXPECT_LE(of_double, 1);
    EXPECT_GT(of_double, 0.5);
    EXPECT_LE(of_pairs, 1);
    EXPECT_GT(of_pairs, 0.1);
  });
}

/// The largest errors of y, as shares of what exact.md proves, over rows whose logits are made by a function.
struct Shares {
  double in_double = 0, in_pairs = 0;
};
template <class LogitOf>
Shares shares(double temperature, LogitOf logit_of) {
  Shares worst;
  for (int i = 0; i < 30; ++i) {
    std::vector<float> x(40);
    for (float& v : x) v = static_cast<float>(logit_of());
    const double max = std::ranges::max(x);
    const auto term = [&](float v) { return exponential_of((Quad{v} - max) / temperature); };
    Quad total = 0;
    for (const float v : x) total += term(v);
    Unrounded found;
    HWY_DYNAMIC_DISPATCH(unrounded)(x, temperature, found);
    for (std::size_t j = 0; j < x.size(); ++j) {
      const Quad want = term(x[j]) / total;
      const double unit = std::ldexp(1.0, std::ilogb(found.in_double[j]) - 52);
      worst.in_double = std::max(worst.in_double, size(found.in_double[j] - want) / (unit * found.units));
      worst.in_pairs = std::max(
          worst.in_pairs, size(whole(found.in_pairs[j]) * power_of_two(-pair_scale) / want - 1) / pair_error(x.size()));
    }
  }
  return worst;
}

// y itself, of logits whose differences are exact, of such as are not, and of quotients that are not.
TEST(Values, KeepTheirBounds) {
  std::mt19937_64 random(4);
  const auto real = [&](double low, double high) { return std::uniform_real_distribution(low, high)(random); };
  testing::on_every_target([&] {
    const Shares exact = shares(1, [&] { return real(1, 20); });
    const Shares tiny = shares(1, [&] { return real(0, 1) < 0.5 ? 100 : 1e-9 * real(-1, 1); });
    const Shares divided = shares(0.3, [&] { return real(-30, 0); });
    for (const Shares& found : {exact, tiny, divided}) {
      EXPECT_LE(found.in_double, 1);
      EXPECT_LE(found.in_pairs, 1);
    }
    EXPECT_GT(exact.in_double, 0.05);
    EXPECT_GT(tiny.in_double, 24 / 484.0) << "more than without the share of inexact differences";
    EXPECT_GT(divided.in_double, 24 / 484.0);
    EXPECT_GT(divided.in_pairs, 0.01);
  });
}

TEST(Logits, AreQuotientsToTwiceTheBits) {
  std::mt19937_64 random(2);
  testing::on_every_target([&] {
    for (int i = 0; i < 5000; ++i) {
      const auto real = [&](double low, double high) { return std::uniform_real_distribution(low, high)(random); };
      const double temperature = std::exp2(real(-900, 900)), max = temperature * real(-500, 500);
      const double x = max - temperature * real(0, 700);
      const Quad want = (Quad{x} - max) / temperature;
      const Quad got = whole(HWY_DYNAMIC_DISPATCH(quotient)(x, max, temperature));
      ASSERT_LE(size(got - want), 0x1p-100 * size(want)) << x << ' ' << max << ' ' << temperature;
    }
    const double most = std::numeric_limits<double>::max(), least = std::numeric_limits<double>::denorm_min();
    EXPECT_EQ(HWY_DYNAMIC_DISPATCH(quotient)(-most, most, 0x1p1017).hi, -(2 - 0x1p-52) * 0x1p7);
    EXPECT_EQ(HWY_DYNAMIC_DISPATCH(quotient)(-most, most, 1).hi, least_pair_z);
    EXPECT_EQ(HWY_DYNAMIC_DISPATCH(quotient)(0, 8 * least, least).hi, -8);
    EXPECT_EQ(HWY_DYNAMIC_DISPATCH(quotient)(-INFINITY, 3, 2).hi, least_pair_z);
    EXPECT_EQ(HWY_DYNAMIC_DISPATCH(quotient)(1, 1, 1e-300).hi, 0);
    EXPECT_EQ(HWY_DYNAMIC_DISPATCH(quotient)(most, most, least).hi, 0);
  });
}

}  // namespace
}  // namespace audit::impls::correctly_rounded
#endif
