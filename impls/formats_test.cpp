#include "impls/formats.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <random>

namespace audit::impls {
namespace {

// Every bit pattern of the 16-bit formats: what decodes, encodes back; neighbours are one pattern apart.
TEST(Formats, EveryPatternOfTheNarrowOnesRoundTrips) {
  for (const Format& format : {f16, bf16}) {
    for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
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

// Between two neighbours: below the middle down, above it up, the middle to the even pattern.
TEST(Formats, RoundsToNearestEven) {
  for (const Format& format : {f16, bf16}) {
    for (std::uint32_t bits = 0; decode(format, bits) < largest_finite(format); ++bits) {
      const double low = decode(format, bits), high = decode(format, bits + 1), middle = (low + high) / 2;
      ASSERT_EQ(round_to(format, middle), bits % 2 == 0 ? low : high) << format.name << ' ' << bits;
      ASSERT_EQ(round_to(format, std::nextafter(middle, 0)), low);
      ASSERT_EQ(round_to(format, -std::nextafter(middle, INFINITY)), -high);
    }
    const double overflow = std::ldexp(2 - unit_roundoff(format), format.emax);
    EXPECT_EQ(round_to(format, std::nextafter(overflow, 0)), largest_finite(format));
    EXPECT_EQ(round_to(format, overflow), INFINITY);
  }
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
