#include "impls/formats.hpp"

#include <gtest/gtest.h>

#include <Eigen/Core>
#include <bit>
#include <cmath>
#include <cstring>
#include <random>

namespace audit::impls {
namespace {

constexpr std::array narrow_ones{f16, bf16, f8e4m3, f8e5m2};

std::uint32_t patterns(const Format& format) { return 1U << (8 * format.bytes); }

// Every bit pattern of the narrow formats: what decodes, encodes back; neighbours are one pattern apart.
TEST(Formats, EveryPatternOfTheNarrowOnesRoundTrips) {
  for (const Format& format : narrow_ones) {
    for (std::uint32_t bits = 0; bits < patterns(format); ++bits) {
      const double value = decode(format, bits);
      if (std::isnan(value)) continue;
      ASSERT_EQ(encode(format, value), bits) << format.name;
      ASSERT_EQ(round_to(format, value), value) << format.name;
      if (std::isinf(value) || std::signbit(value)) continue;
      ASSERT_EQ(encode(format, next_up(format, value)), bits + 1) << format.name;
      if (value > 0) {
        ASSERT_EQ(encode(format, next_down(format, value)), bits - 1) << format.name;
      }
    }
  }
}

// Between two neighbours: below the middle down, above it up, the middle to the even pattern; one ulp apart.
TEST(Formats, RoundsToNearestEven) {
  for (const Format& format : narrow_ones) {
    for (std::uint32_t bits = 0; decode(format, bits) < largest_finite(format); ++bits) {
      const double low = decode(format, bits), high = decode(format, bits + 1), middle = (low + high) / 2;
      ASSERT_EQ(round_to(format, middle), bits % 2 == 0 ? low : high) << format.name << ' ' << bits;
      ASSERT_EQ(round_to(format, std::nextafter(middle, 0)), low);
      ASSERT_EQ(round_to(format, -std::nextafter(middle, INFINITY)), -high);
      ASSERT_EQ(std::ldexp(1.0, ulp_exponent(format, low)), high - low) << format.name << ' ' << bits;
      ASSERT_EQ(ulp_exponent(format, -middle), ulp_exponent(format, low)) << format.name << ' ' << bits;
    }
  }
}

TEST(Formats, OverflowsBeyondTheMiddleAboveTheLargestAndAtItWhereTheLargestIsOdd) {
  for (const Format& format : {f32, f16, bf16, f8e5m2}) {
    const double middle = std::ldexp(2 - unit_roundoff(format), format.emax);
    EXPECT_EQ(round_to(format, std::nextafter(middle, 0)), largest_finite(format));
    EXPECT_EQ(round_to(format, middle), INFINITY);
    EXPECT_EQ(round_to(format, -INFINITY), -INFINITY);
    EXPECT_EQ(first_overflow(format), std::ldexp(1.0, format.emax + 1));
  }
  EXPECT_EQ(round_to(f8e4m3, 464), 448) << "1.75·2^8 is even";
  for (const double beyond : {std::nextafter(464.0, 500.0), 1e300, static_cast<double>(INFINITY)})
    for (const double sign : {1, -1}) {
      EXPECT_TRUE(std::isnan(round_to(f8e4m3, sign * beyond))) << beyond;
      EXPECT_EQ(encode(f8e4m3, sign * INFINITY), sign > 0 ? 0x7FU : 0xFFU);
    }
  EXPECT_EQ(next_up(f8e4m3, 448), INFINITY);
  EXPECT_EQ(next_down(f8e4m3, INFINITY), 448);
  EXPECT_EQ(first_overflow(f8e4m3), 480);
}

// OFP8 revision 1.0, tables 1 and 2.
TEST(Formats, TheEightBitOnesAreThoseOfOcp) {
  struct Named {
    Format format;
    std::uint64_t bits;
    double value;
  };
  for (const auto& [format, bits, value] : {Named{f8e4m3, 0b0'1111'110, 448},
                                            {f8e4m3, 0b0'0001'000, 0x1p-6},
                                            {f8e4m3, 0b0'0000'111, 0.875 * 0x1p-6},
                                            {f8e4m3, 0b1'0000'001, -0x1p-9},
                                            {f8e4m3, 0b1'1111'000, -256},
                                            {f8e5m2, 0b0'11110'11, 57344},
                                            {f8e5m2, 0b0'00001'00, 0x1p-14},
                                            {f8e5m2, 0b0'00000'11, 0.75 * 0x1p-14},
                                            {f8e5m2, 0b1'00000'01, -0x1p-16},
                                            {f8e5m2, 0b1'11111'00, -INFINITY}})
    EXPECT_EQ(decode(format, bits), value) << format.name << ' ' << value;
  const auto nans = [](const Format& format) {
    std::vector<std::uint32_t> found;
    for (std::uint32_t bits = 0; bits < 256; ++bits)
      if (std::isnan(decode(format, bits))) found.push_back(bits);
    return found;
  };
  EXPECT_EQ(nans(f8e4m3), (std::vector<std::uint32_t>{0x7F, 0xFF}));
  EXPECT_EQ(nans(f8e5m2), (std::vector<std::uint32_t>{0x7D, 0x7E, 0x7F, 0xFD, 0xFE, 0xFF}));
}

/// The nearest of the 256 values by search; of two, the even pattern. Beyond the middle above the largest: overflow.
std::uint32_t nearest_pattern(const Format& format, double value) {
  const double magnitude = std::abs(value), overflow = format.infinities ? 61440 : 464;
  const std::uint32_t sign = std::signbit(value) ? 0x80 : 0, beyond = format.infinities ? 0x7C : 0x7F;
  if (magnitude > overflow || (magnitude == overflow && format.infinities)) return sign | beyond;
  std::uint32_t best = 0;
  for (std::uint32_t bits = 1; bits < beyond; ++bits) {
    const double closer = std::abs(decode(format, best) - magnitude) - std::abs(decode(format, bits) - magnitude);
    if (closer > 0 || (closer == 0 && bits % 2 == 0)) best = bits;
  }
  return sign | best;
}

TEST(Formats, TheEightBitOnesRoundToTheNearestOfAllValues) {
  std::mt19937_64 random(1);
  for (const Format& format : {f8e4m3, f8e5m2}) {
    const auto check = [&](double value) {
      ASSERT_EQ(encode(format, round_to(format, value)) & 0x7F, nearest_pattern(format, value) & 0x7F) << value;
      if (std::isnan(round_to(format, value))) return;
      ASSERT_EQ(encode(format, round_to(format, value)), nearest_pattern(format, value)) << value;
    };
    for (std::uint32_t bits = 0; bits < 0x7C; ++bits) {
      const double low = decode(format, bits), middle = (low + next_up(format, low)) / 2;
      for (const double at : {low, middle, low + (middle - low) / 2})
        for (const double value : {at, std::nextafter(at, -1), std::nextafter(at, 1e9), -at}) check(value);
    }
    for (int i = 0; i < 10000; ++i)
      check(std::ldexp(static_cast<double>(static_cast<std::int64_t>(random())), -63 - 18 + i % 36));
  }
}

/// Every pattern of a 16-bit format, and floats at and around every value and midpoint, against Eigen's type.
template <class T>
void expect_eigens(const Format& format) {
  const auto eigens_bits = [](float value) { return std::bit_cast<std::uint16_t>(static_cast<T>(value)); };
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    const auto eigens = static_cast<float>(std::bit_cast<T>(static_cast<std::uint16_t>(bits)));
    const double value = decode(format, bits);
    ASSERT_EQ(std::isnan(value), std::isnan(eigens)) << format.name << ' ' << bits;
    if (std::isnan(value)) continue;
    ASSERT_EQ(value, eigens) << format.name << ' ' << bits;
    const auto at = static_cast<float>(value);
    const auto middle = static_cast<float>((value + next_up(format, value)) / 2);
    for (const float f : {at, std::nextafter(at, 0.0F), middle, std::nextafter(middle, -INFINITY),
                          std::nextafter(middle, static_cast<float>(INFINITY))})
      ASSERT_EQ(encode(format, round_to(format, f)), eigens_bits(f)) << format.name << ' ' << f;
  }
}

TEST(Formats, TheSixteenBitOnesAreEigens) {
  static_assert(sizeof(Eigen::half) == 2 && sizeof(Eigen::bfloat16) == 2);
  expect_eigens<Eigen::half>(f16);
  expect_eigens<Eigen::bfloat16>(bf16);
}

// f32 and f64 against the hardware, over random bit patterns.
TEST(Formats, AgreesWithTheHardware) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 1'000'000; ++i) {
    const std::uint64_t bits = random();
    const double value = std::bit_cast<double>(bits);
    if (std::isnan(value)) continue;
    ASSERT_EQ(round_to(f32, value), static_cast<double>(static_cast<float>(value))) << value;
    ASSERT_EQ(decode(f64, bits), value);
    ASSERT_EQ(encode(f64, value), bits);
    const auto narrow = static_cast<float>(value);
    ASSERT_EQ(encode(f32, narrow), std::bit_cast<std::uint32_t>(narrow));
    ASSERT_EQ(decode(f32, std::bit_cast<std::uint32_t>(narrow)), narrow);
    ASSERT_EQ(next_up(f64, value), std::nextafter(value, INFINITY));
    ASSERT_EQ(next_down(f32, narrow), std::nextafter(narrow, -INFINITY));
  }
}

TEST(Formats, UlpHasTheSubnormalFloor) {
  EXPECT_EQ(ulp_exponent(f32, 1.0), -23);
  EXPECT_EQ(ulp_exponent(f32, std::nextafter(1.0, 0.0)), -24);
  EXPECT_EQ(ulp_exponent(f32, 0x1p-126), -149);
  EXPECT_EQ(ulp_exponent(f32, 0x1p-160), -149);
  EXPECT_EQ(ulp_exponent(f32, 0), -149);
  EXPECT_EQ(ulp_exponent(f64, 0x1p-1074), -1074);
}

TEST(Formats, PoisonIsANanThatArithmeticDoesNotMake) {
  for (const Format& format : formats) {
    EXPECT_TRUE(std::isnan(decode(format, poison(format))));
    EXPECT_NE(poison(format), encode(format, NAN));
  }
}

}  // namespace
}  // namespace audit::impls
