#include "impls/narrow.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <random>

// Against decode, round_to and encode, which formats_test.cpp holds to the definition and to Eigen.

namespace audit::impls {
namespace {

template <class Index>
class Narrow : public ::testing::Test {
 protected:
  static constexpr std::size_t at = Index::value;
  static constexpr Format format = formats[at];

  static void expect_rounded(float value) {
    const double rounded = round_to(format, value);
    ASSERT_EQ(narrow<at>(value), encode(format, rounded)) << std::hexfloat << value;
  }
};

template <class Sequence>
struct Below32Bits;
template <std::size_t... i>
struct Below32Bits<std::index_sequence<i...>> {
  using Types = ::testing::Types<std::integral_constant<std::size_t, i + 2>...>;
};
TYPED_TEST_SUITE(Narrow, typename Below32Bits<std::make_index_sequence<formats.size() - 2>>::Types);

TYPED_TEST(Narrow, WidensEveryPattern) {
  for (std::uint32_t bits = 0; bits < 1U << (8 * this->format.bytes); ++bits) {
    const float got = widen<TestFixture::at>(static_cast<Stored<TestFixture::at>>(bits));
    const double want = decode(this->format, bits);
    ASSERT_EQ(std::isnan(got), std::isnan(want)) << bits;
    if (std::isnan(want)) continue;
    ASSERT_EQ(got, want) << bits;
    ASSERT_EQ(std::signbit(got), std::signbit(want)) << bits;
  }
}

// At and beside every value and the midpoint above it, where every rounding turns.
TYPED_TEST(Narrow, RoundsToNearestEvenAtEveryTurn) {
  for (std::uint32_t bits = 0; bits < 1U << (8 * this->format.bytes); ++bits) {
    const double value = decode(this->format, bits);
    if (!std::isfinite(value)) continue;
    const auto itself = static_cast<float>(value);
    const double ulp = std::ldexp(1.0, ulp_exponent(this->format, value));
    const auto middle = static_cast<float>(value + std::copysign(ulp / 2, value));
    for (const float f : {itself, middle})
      for (const float near : {f, std::nextafter(f, INFINITY), std::nextafter(f, -INFINITY)})
        this->expect_rounded(near);
  }
}

TYPED_TEST(Narrow, RoundsAnyFloat) {
  std::mt19937 random(1);
  for (int i = 0; i < 1'000'000; ++i) this->expect_rounded(std::bit_cast<float>(static_cast<std::uint32_t>(random())));
  for (const float f : {0.0F, -0.0F, HUGE_VALF, -HUGE_VALF, 3.4e38F, -3.4e38F, 1e-45F, -1e-45F, NAN, -NAN})
    this->expect_rounded(f);
}

}  // namespace
}  // namespace audit::impls
