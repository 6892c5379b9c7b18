#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace audit::impls {

/// A binary floating-point format as data: precision p (bits of the significand, the hidden one included), the
/// exponents emin … emax of its normal numbers, and its storage. Every value of a format is exactly a double, so
/// the suite carries values as doubles and packs them only at the door of a kernel.
/// Source: IEEE 754-2019, section 3.3; bfloat16 as in Intel's BF16 white paper, 2018; the 8-bit ones as in the OCP
/// 8-bit Floating Point Specification (OFP8), revision 1.0, 2023.
struct Format {
  std::string_view name;
  int precision;
  int emin;
  int emax;
  std::size_t bytes;
  /// Whether the largest exponent field stands for infinities and NaN, as in IEEE 754. Where it does not, it holds
  /// numbers of exponent emax, and NaN is the pattern of ones alone (with either sign): the largest finite number is
  /// one step lower, nothing is masked by -inf, and what overflows is NaN (OFP8's non-saturating conversion).
  bool infinities = true;

  friend constexpr bool operator==(const Format& a, const Format& b) { return a.name == b.name; }
};

inline constexpr Format f64{"f64", 53, -1022, 1023, 8};
inline constexpr Format f32{"f32", 24, -126, 127, 4};
inline constexpr Format f16{"f16", 11, -14, 15, 2};
inline constexpr Format bf16{"bf16", 8, -126, 127, 2};
inline constexpr Format f8e4m3{"f8e4m3", 4, -6, 8, 1, false};
inline constexpr Format f8e5m2{"f8e5m2", 3, -14, 15, 1};

/// In the order of SOFTMAX_AUDIT_F64 … of plugin.h.
inline constexpr std::array formats{f64, f32, f16, bf16, f8e4m3, f8e5m2};

/// The format of that name, or nullptr.
const Format* find_format(std::string_view name);

/// 2^e, -1074 ≤ e ≤ 1023.
constexpr double power_of_two(int e) {
  constexpr int fraction_bits = f64.precision - 1, bias = f64.emax;
  if (e < f64.emin) return std::bit_cast<double>(std::uint64_t{1} << (e - f64.emin + fraction_bits));
  return std::bit_cast<double>(static_cast<std::uint64_t>(e + bias) << fraction_bits);
}

/// v · 2^e, rounded once: std::ldexp, but one product where 2^e is a normal double.
inline double scaled(double v, int e) { return e < f64.emin || e > f64.emax ? std::ldexp(v, e) : v * power_of_two(e); }

/// floor(log2 abs(v)) of a finite v that is not 0: std::ilogb, but read off the bits of a normal one.
inline int exponent_of(double v) {
  const int biased = static_cast<int>(std::bit_cast<std::uint64_t>(v) >> (f64.precision - 1)) & 0x7ff;
  return biased == 0 ? std::ilogb(v) : biased - f64.emax;
}

/// u = 2^-p, the largest relative error of one rounding to nearest.
constexpr double unit_roundoff(const Format& format) { return power_of_two(-format.precision); }
constexpr double smallest_subnormal(const Format& format) { return power_of_two(format.emin - format.precision + 1); }
constexpr double smallest_normal(const Format& format) { return power_of_two(format.emin); }
constexpr double largest_finite(const Format& format) {
  const int missing = format.infinities ? 1 : 2;  // significands: the one that would be 2, and the one of NaN
  return (2 - missing * power_of_two(1 - format.precision)) * power_of_two(format.emax);
}
/// What would follow the largest finite number if there were no end: 2^(emax + 1), or 480 where 448 is the largest. An
/// answer that overflows stands there when it is measured. Infinite for f64, as it is no double there.
double first_overflow(const Format& format);

/// What masks a logit: -inf, or the most negative number where there are no infinities.
double mask(const Format& format);

/// The exponent of the unit in the last place of y: max(floor(log2 abs(y)), emin) - p + 1, for finite y; the floor of
/// it is the smallest subnormal's, and 0 has that one (Goldberg's convention, numerics.md section 1).
inline int ulp_exponent(const Format& format, double y) {
  const int binade = y == 0 ? format.emin : std::max(exponent_of(y), format.emin);
  return binade - format.precision + 1;
}

/// Rounds a double to the format, to nearest, ties to even; overflows to infinity, or to NaN in a format without
/// infinities, which has none for an infinity either; NaN stays NaN.
double round_to(const Format& format, double value);

/// The neighbours of a value of the format. Infinity is the neighbour of the largest finite value in every format: in
/// one without infinities it stands for what overflows, and is encoded as NaN.
double next_up(const Format& format, double value);
double next_down(const Format& format, double value);

/// The bits of a value of the format, in the low `bytes` bytes. Every NaN encodes as the canonical quiet NaN, positive.
std::uint64_t encode(const Format& format, double value);
double decode(const Format& format, std::uint64_t bits);

/// A bit pattern to tell an output that was never written: a signalling NaN with a payload, which no arithmetic
/// produces. A format with one NaN a sign has none to spare: there it is the negative one, which a kernel may write
/// too, and an element that holds it is asked again over another fill (catalogue.cpp).
std::uint64_t poison(const Format& format);

/// Reads or writes the bits of element `index` of an array in the format's storage.
inline std::uint64_t load_bits(const Format& format, const void* array, std::size_t index) {
  static_assert(std::endian::native == std::endian::little);
  const auto as = [&]<class Bits>(Bits bits) {
    std::memcpy(&bits, static_cast<const char*>(array) + index * sizeof bits, sizeof bits);
    return std::uint64_t{bits};
  };
  if (format.bytes == 8) return as(std::uint64_t{});
  if (format.bytes == 4) return as(std::uint32_t{});
  return format.bytes == 2 ? as(std::uint16_t{}) : as(std::uint8_t{});
}
inline void store_bits(const Format& format, std::uint64_t bits, void* array, std::size_t index) {
  const auto as = [&]<class Bits>(Bits low) {
    low = static_cast<Bits>(bits);
    std::memcpy(static_cast<char*>(array) + index * sizeof low, &low, sizeof low);
  };
  if (format.bytes == 8) return as(std::uint64_t{});
  if (format.bytes == 4) return as(std::uint32_t{});
  return format.bytes == 2 ? as(std::uint16_t{}) : as(std::uint8_t{});
}

}  // namespace audit::impls
