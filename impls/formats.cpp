#include "impls/formats.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace audit::impls {
namespace {

int fraction_bits(const Format& format) { return format.precision - 1; }
int exponent_bits(const Format& format) { return static_cast<int>(8 * format.bytes) - format.precision; }
std::uint64_t fraction_mask(const Format& format) { return (std::uint64_t{1} << fraction_bits(format)) - 1; }
std::uint64_t exponent_mask(const Format& format) {
  return ((std::uint64_t{1} << exponent_bits(format)) - 1) << fraction_bits(format);
}
std::uint64_t sign_mask(const Format& format) { return std::uint64_t{1} << (8 * format.bytes - 1); }
std::uint64_t quiet_bit(const Format& format) { return std::uint64_t{1} << (fraction_bits(format) - 1); }
/// The canonical NaN; where there are no infinities, the only one of its sign.
std::uint64_t nan_bits(const Format& format) {
  return exponent_mask(format) | (format.infinities ? quiet_bit(format) : fraction_mask(format));
}

/// The next value away from zero of a finite magnitude of the format.
double step_up(const Format& format, double magnitude) {
  if (magnitude == largest_finite(format)) return INFINITY;
  return magnitude + power_of_two(ulp_exponent(format, magnitude));
}

/// The next value towards zero of a magnitude above 0.
double step_down(const Format& format, double magnitude) {
  if (std::isinf(magnitude)) return largest_finite(format);
  int exponent = ulp_exponent(format, magnitude);
  const bool first_of_binade = magnitude == power_of_two(exponent_of(magnitude));
  if (first_of_binade && magnitude > smallest_normal(format)) --exponent;
  return magnitude - power_of_two(exponent);
}

}  // namespace

const Format* find_format(std::string_view name) {
  const auto it = std::ranges::find(formats, name, &Format::name);
  return it == formats.end() ? nullptr : &*it;
}

double first_overflow(const Format& format) {
  return largest_finite(format) + power_of_two(format.emax - format.precision + 1);
}

double mask(const Format& format) { return format.infinities ? -INFINITY : -largest_finite(format); }

double round_to(const Format& format, double value) {
  const double overflow = std::copysign(format.infinities ? INFINITY : NAN, value);
  if (std::isinf(value)) return overflow;
  if (std::isnan(value) || value == 0 || format.bytes == sizeof(double)) return value;
  if (format.bytes == sizeof(float) && std::abs(value) <= largest_finite(format)) return static_cast<float>(value);
  const int exponent = ulp_exponent(format, value);
  // Scaling by the ulp is exact (two steps where 2^-exponent is no double); nearbyint is the one rounding.
  const double half_scale = scaled(1.0, -exponent / 2), rest = scaled(1.0, -exponent - (-exponent / 2));
  const double units = std::nearbyint(value * half_scale * rest);
  const double rounded = scaled(units, exponent);
  return std::abs(rounded) > largest_finite(format) ? overflow : rounded;
}

double next_up(const Format& format, double value) {
  if (std::isnan(value) || value == INFINITY) return value;
  if (value == 0) return smallest_subnormal(format);
  return value > 0 ? step_up(format, value) : -step_down(format, -value);
}

double next_down(const Format& format, double value) { return -next_up(format, -value); }

std::uint64_t encode(const Format& format, double value) {
  const std::uint64_t sign = std::signbit(value) ? sign_mask(format) : 0;
  if (std::isnan(value)) return nan_bits(format);
  if (format.bytes == sizeof(double)) return std::bit_cast<std::uint64_t>(value);
  if (format.bytes == sizeof(float)) return std::bit_cast<std::uint32_t>(static_cast<float>(value));
  if (std::isinf(value)) return sign | (format.infinities ? exponent_mask(format) : nan_bits(format));
  const double magnitude = std::abs(value);
  if (magnitude >= smallest_normal(format)) {
    // The double's own bits: the exponent with another bias, the significand without the zeros at its end.
    const auto own = std::bit_cast<std::uint64_t>(magnitude) >> (f64.precision - format.precision);
    return sign | (own - (static_cast<std::uint64_t>(format.emin - f64.emin) << fraction_bits(format)));
  }
  const int exponent = ulp_exponent(format, magnitude);
  const double half_scale = scaled(1.0, -exponent / 2), rest = scaled(1.0, -exponent - (-exponent / 2));
  return sign | static_cast<std::uint64_t>(magnitude * half_scale * rest);
}

double decode(const Format& format, std::uint64_t bits) {
  if (format.bytes >= sizeof(float)) {
    const bool wide = format.bytes == sizeof(double);
    const double value = wide ? std::bit_cast<double>(bits) : std::bit_cast<float>(static_cast<std::uint32_t>(bits));
    return std::isnan(value) ? std::numeric_limits<double>::quiet_NaN() : value;
  }
  const std::uint64_t fraction = bits & fraction_mask(format);
  const double sign = bits & sign_mask(format) ? -1.0 : 1.0;
  const auto biased = static_cast<int>((bits & exponent_mask(format)) >> fraction_bits(format));
  if ((bits & exponent_mask(format)) == exponent_mask(format)) {
    if (format.infinities) return fraction == 0 ? sign * INFINITY : std::numeric_limits<double>::quiet_NaN();
    if (fraction == fraction_mask(format)) return std::numeric_limits<double>::quiet_NaN();
  }
  if (biased == 0)
    return std::copysign(scaled(static_cast<double>(fraction), format.emin - format.precision + 1), sign);
  const auto own =
      (bits & ~sign_mask(format)) + (static_cast<std::uint64_t>(format.emin - f64.emin) << fraction_bits(format));
  return std::copysign(std::bit_cast<double>(own << (f64.precision - format.precision)), sign);
}

std::uint64_t poison(const Format& format) {
  if (!format.infinities) return sign_mask(format) | nan_bits(format);
  const std::uint64_t payload = 0x5555555555555555U & (quiet_bit(format) - 1);
  return exponent_mask(format) | payload;
}

}  // namespace audit::impls
