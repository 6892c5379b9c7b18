#include "impls/simd_targets.hpp"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "impls/narrow_vectors_test.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <array>

#include "impls/narrow-inl.hpp"

// Conversions in vectors against narrow.hpp, on every SIMD target.

HWY_BEFORE_NAMESPACE();
namespace audit::impls::HWY_NAMESPACE {
namespace {

/// A whole number of vectors.
template <std::size_t at>
void widen_all(const void* stored, float* to, std::size_t count) {
  const hn::ScalableTag<float> d;
  const auto* from = static_cast<const Stored<at>*>(stored);
  for (std::size_t i = 0; i < count; i += hn::Lanes(d))
    hn::StoreU(widened<at>(d, hn::LoadU(StoredTag<at, decltype(d)>(), from + i)), d, to + i);
}
template <std::size_t at>
void narrow_all(const float* from, void* stored, std::size_t count) {
  const hn::ScalableTag<float> d;
  auto* to = static_cast<Stored<at>*>(stored);
  for (std::size_t i = 0; i < count; i += hn::Lanes(d))
    hn::StoreU(narrowed<at>(d, hn::LoadU(d, from + i)), StoredTag<at, decltype(d)>(), to + i);
}

using Widen = void (*)(const void*, float*, std::size_t);
using Narrow = void (*)(const float*, void*, std::size_t);
Widen widen_of(std::size_t at) {
  constexpr std::array<Widen, 4> each{widen_all<2>, widen_all<3>, widen_all<4>, widen_all<5>};
  return each[at - 2];
}
Narrow narrow_of(std::size_t at) {
  constexpr std::array<Narrow, 4> each{narrow_all<2>, narrow_all<3>, narrow_all<4>, narrow_all<5>};
  return each[at - 2];
}

}  // namespace
}  // namespace audit::impls::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <numeric>
#include <random>

#include "impls/every_target.hpp"

namespace audit::impls {
namespace {

HWY_EXPORT(widen_of);
HWY_EXPORT(narrow_of);

template <class Index>
class NarrowInVectors : public ::testing::Test {
 protected:
  static constexpr std::size_t at = Index::value;
  using S = Stored<at>;
  std::vector<S> patterns = std::vector<S>(std::size_t{1} << (8 * sizeof(S)));
  std::vector<float> floats = std::vector<float>(patterns.size());

  NarrowInVectors() { std::iota(patterns.begin(), patterns.end(), S{0}); }

  /// Holds what becomes of `floats` to narrow.hpp.
  void expect_narrowed() {
    HWY_DYNAMIC_DISPATCH(narrow_of)(at)(floats.data(), patterns.data(), floats.size());
    for (std::size_t i = 0; i < floats.size(); ++i) {
      const S want = narrow<at>(floats[i]);
      if (std::isnan(widen<at>(want)))
        ASSERT_TRUE(std::isnan(widen<at>(patterns[i]))) << std::hexfloat << floats[i];
      else
        ASSERT_EQ(patterns[i], want) << std::hexfloat << floats[i];
    }
  }
};

template <class Sequence>
struct Below32Bits;
template <std::size_t... i>
struct Below32Bits<std::index_sequence<i...>> {
  using Types = ::testing::Types<std::integral_constant<std::size_t, i + 2>...>;
};
TYPED_TEST_SUITE(NarrowInVectors, typename Below32Bits<std::make_index_sequence<formats.size() - 2>>::Types);

TYPED_TEST(NarrowInVectors, WidensEveryPattern) {
  testing::on_every_target([this] {
    HWY_DYNAMIC_DISPATCH(widen_of)(this->at)(this->patterns.data(), this->floats.data(), this->floats.size());
    for (std::size_t i = 0; i < this->floats.size(); ++i) {
      const float got = this->floats[i], want = widen<TestFixture::at>(this->patterns[i]);
      ASSERT_EQ(std::isnan(got), std::isnan(want)) << i;
      if (std::isnan(want)) continue;
      ASSERT_EQ(std::bit_cast<std::uint32_t>(got), std::bit_cast<std::uint32_t>(want)) << i;
    }
  });
}

// Every value, the midpoint above it, and what is beside them: infinities and NaN with all their payloads included.
TYPED_TEST(NarrowInVectors, RoundsAtEveryTurn) {
  testing::on_every_target([this] {
    for (const std::int32_t beside : {-1, 0, 1})
      for (const bool middle : {false, true}) {
        const std::uint32_t half = middle ? 1U << (Layout<TestFixture::at>::dropped - 1) : 0;
        for (std::size_t i = 0; i < this->floats.size(); ++i) {
          const float value = widen<TestFixture::at>(static_cast<Stored<TestFixture::at>>(i));
          this->floats[i] = std::bit_cast<float>(std::bit_cast<std::uint32_t>(value) + half + beside);
        }
        this->expect_narrowed();
      }
  });
}

TYPED_TEST(NarrowInVectors, RoundsAnyFloat) {
  std::mt19937 random(1);
  testing::on_every_target([&] {
    this->floats.resize(std::size_t{1} << 18);
    this->patterns.resize(this->floats.size());
    for (float& f : this->floats) f = std::bit_cast<float>(static_cast<std::uint32_t>(random()));
    this->expect_narrowed();
  });
}

// The least subnormal number times 0 … 4 in steps of a sixteenth, and what overflows.
TYPED_TEST(NarrowInVectors, RoundsAtBothEnds) {
  const auto least = static_cast<float>(smallest_subnormal(formats[TestFixture::at])),
             most = static_cast<float>(largest_finite(formats[TestFixture::at]));
  testing::on_every_target([&] {
    this->floats.assign(256, 0);
    for (std::size_t i = 0; i < 64; ++i) {
      const auto part = static_cast<float>(i) / 16;
      for (const int sign : {0, 1}) {
        this->floats[4 * i + sign] = (sign ? -least : least) * part;
        this->floats[4 * i + 2 + sign] = (sign ? -most : most) * (1 + part / 1024);
      }
    }
    this->patterns.resize(this->floats.size());
    this->expect_narrowed();
  });
}

}  // namespace
}  // namespace audit::impls
#endif
