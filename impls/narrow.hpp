#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "impls/formats.hpp"

// The formats narrower than f32, at the door of a kernel that computes in f32: every value is a float exactly, and a
// float is rounded to them once. Each by its index in `formats`, in a few integer operations that the compiler can
// vectorise. Static, as rows.hpp says.

namespace audit::impls {

/// What an element of a format is stored as: itself, or its bits.
template <std::size_t at>
using Stored =
    std::conditional_t<formats[at].bytes == 8, double,
                       std::conditional_t<formats[at].bytes == 4, float,
                                          std::conditional_t<formats[at].bytes == 2, std::uint16_t, std::uint8_t>>>;

/// A narrow format beside f32: bits are counted from the lowest of each.
template <std::size_t at>
struct Layout {
  static constexpr Format format = formats[at];
  static constexpr int sign_bit = static_cast<int>(8 * format.bytes) - 1;
  static constexpr int dropped = f32.precision - format.precision;  ///< fraction bits that the format lacks
  static constexpr int rebias = format.emin - f32.emin;             ///< between the exponent fields
  static constexpr std::uint32_t ones = (1U << sign_bit) - 1;
  static constexpr std::uint32_t exponent_ones = ones & ~((1U << (format.precision - 1)) - 1);
  static constexpr std::uint32_t overflow = format.infinities ? exponent_ones : ones;  ///< the first pattern not finite
  static constexpr std::uint32_t nan = format.infinities ? exponent_ones | exponent_ones >> 1 : ones;
};

inline constexpr std::uint32_t float_infinity = 0x7F800000;
inline constexpr std::uint32_t float_sign = 0x80000000;

/// 2^e as the bits of a normal float.
constexpr std::uint32_t float_power_of_two(int e) { return static_cast<std::uint32_t>(e + f32.emax) << 23; }

/// The value of a pattern. Exact: scaled by a power of two, a pattern's exponent and fraction are those of a float,
/// subnormal ones too.
template <std::size_t at>
[[nodiscard]] static float widen(Stored<at> bits) {
  using L = Layout<at>;
  const std::uint32_t magnitude = bits & L::ones;
  const auto sign = static_cast<std::uint32_t>(bits >> L::sign_bit) << 31;
  const auto scale = std::bit_cast<float>(float_power_of_two(L::rebias));
  const auto finite = std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude << L::dropped) * scale);
  const std::uint32_t not_finite = float_infinity | magnitude << L::dropped;
  return std::bit_cast<float>(sign | (magnitude < L::overflow ? finite : not_finite));
}

/// The pattern of a float rounded to nearest even; of what overflows, infinity, or NaN where there is none. Every NaN
/// becomes the one that impls::encode writes.
template <std::size_t at>
[[nodiscard]] static Stored<at> narrow(float value) {
  using L = Layout<at>;
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t magnitude = bits & ~float_sign;
  // A normal one: just under half a unit is added, and the last bit kept, which makes ties even.
  const std::uint32_t rebiased = magnitude - (static_cast<std::uint32_t>(L::rebias) << 23);
  const std::uint32_t half = (1U << (L::dropped - 1)) - 1 + ((magnitude >> L::dropped) & 1);
  const std::uint32_t normal = (rebiased + half) >> L::dropped;
  // A subnormal one: a sum with the power of two that has the smallest subnormal for an ulp rounds to that.
  const std::uint32_t power = float_power_of_two(L::format.emin + L::dropped);
  const float sum = std::bit_cast<float>(magnitude) + std::bit_cast<float>(power);
  const std::uint32_t subnormal = std::bit_cast<std::uint32_t>(sum) - power;
  const std::uint32_t rounded = magnitude < float_power_of_two(L::format.emin) ? subnormal : normal;
  const std::uint32_t not_nan = rounded < L::overflow ? rounded : L::overflow;
  const std::uint32_t sign = bits >> 31 << L::sign_bit;
  const bool is_nan = magnitude > float_infinity || (L::overflow == L::nan && not_nan == L::nan);
  return static_cast<Stored<at>>(is_nan ? L::nan : sign | not_nan);
}

}  // namespace audit::impls
