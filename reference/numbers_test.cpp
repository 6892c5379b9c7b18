#include "reference/numbers.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <random>

namespace audit::reference {
namespace {

using impls::f16;
using impls::f32;
using impls::f64;

double value(const impls::Format& format, const char* text) { return read_number(format, text).value().value; }

TEST(Numbers, AreRoundedOnce) {
  EXPECT_EQ(value(f64, "0.1"), 0.1);
  EXPECT_EQ(value(f32, "0.1"), static_cast<double>(0.1F));
  EXPECT_EQ(value(f64, "0x1.8p-3"), 0.1875);
  // Just above the midpoint of 1 and 1 + 2^-23 by less than a double can tell: rounding twice gives 1.
  EXPECT_EQ(value(f32, "1.000000059604644775390626"), 1 + 0x1p-23);
  EXPECT_EQ(value(f32, "1.000000059604644775390625"), 1);
  EXPECT_EQ(value(f16, "65519.999999"), 65504);
  EXPECT_EQ(value(f16, "65520"), INFINITY);
  EXPECT_EQ(value(f64, "1e400"), INFINITY);
  EXPECT_EQ(value(f64, "-1e999999999999999999"), -INFINITY);
  EXPECT_EQ(value(f64, "4.94e-324"), 0x1p-1074);
  EXPECT_EQ(value(f64, "1e-999999999999999999"), 0);
  EXPECT_EQ(value(f64, "-inf"), -INFINITY);
  EXPECT_EQ(value(f64, "\u2212inf"), -INFINITY);
  EXPECT_EQ(value(f64, "\u22122.5"), -2.5);
  EXPECT_TRUE(std::isnan(value(f64, "nan")));
  EXPECT_TRUE(std::signbit(value(f64, "-0")));
}

TEST(Numbers, OverflowIsNaNWithoutInfinities) {
  EXPECT_EQ(value(impls::f8e4m3, "464"), 448);
  for (const char* text : {"464.0000001", "-480", "1e9999", "1e999999999999999999", "inf", "-inf"}) {
    const auto read = read_number(impls::f8e4m3, text);
    EXPECT_TRUE(std::isnan(read->value) && read->changed) << text;
  }
  EXPECT_EQ(value(impls::f8e5m2, "61440"), INFINITY);
}

TEST(Numbers, SayWhenTheRoundingChangedThem) {
  EXPECT_FALSE(read_number(f32, "1000")->changed);
  EXPECT_FALSE(read_number(f32, "0x1p-149")->changed);
  EXPECT_FALSE(read_number(f32, "-inf")->changed);
  EXPECT_TRUE(read_number(f32, "0.1")->changed);
  EXPECT_TRUE(read_number(f32, "16777217")->changed);
  EXPECT_TRUE(read_number(f32, "1e39")->changed);
  EXPECT_TRUE(read_number(f32, "1e-60")->changed);
}

TEST(Numbers, NothingElseIsTaken) {
  for (const char* text :
       {"", " ", "x", "1x", "1,5", "--1", "-\u22121", "+", "-", ".", "1e", "0x", "@nan@", " 1", "1 ", "one", "nano"})
    EXPECT_FALSE(read_number(f64, text)) << "'" << text << "'";
}

TEST(Numbers, TheShortestDecimalReadsBack) {
  EXPECT_EQ(shortest(f32, static_cast<double>(0.1F)), "0.1");
  EXPECT_EQ(shortest(f64, 0.1), "0.1");
  EXPECT_EQ(shortest(f16, 0x1p-24), "6e-08");
  EXPECT_EQ(shortest(f64, -INFINITY), "-inf");
  std::mt19937_64 random(7);
  for (int i = 0; i < 300; ++i)
    for (const auto& format : impls::formats) {
      const double x = impls::round_to(format, std::bit_cast<double>(random() & 0xbfffffffffffffffU));
      if (std::isnan(x)) continue;
      ASSERT_EQ(value(format, shortest(format, x).c_str()), x);
    }
}

}  // namespace
}  // namespace audit::reference
