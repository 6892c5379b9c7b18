#include "reference/error.hpp"

#include <cmath>
#include <limits>

namespace audit::reference {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

bool is_infinite_itself(const Element& y) { return std::isinf(y.rounded) && y.side == 0; }
bool is_zero_itself(const Element& y) { return y.rounded == 0 && y.side == 0; }

/// Whether y lies beyond the largest finite value.
bool overflows(const impls::Format& format, const Element& y) {
  const double magnitude = std::abs(y.rounded);
  const int outwards = y.rounded > 0 ? -1 : 1;
  return !is_infinite_itself(y) &&
         (std::isinf(magnitude) || (magnitude == impls::largest_finite(format) && y.side == outwards));
}

/// A format without infinities writes NaN for what overflows.
double spelled_out(const impls::Format& format, double got, const Element& y) {
  const bool stands_for_infinity = std::isnan(got) && !format.infinities && overflows(format, y);
  return stands_for_infinity ? std::copysign(infinity, y.rounded) : got;
}

/// got / ulp(y); infinity stands for impls::first_overflow.
double units_of(const impls::Format& format, double got, const Element& y) {
  if (std::isinf(got)) return std::copysign(overflow_units(format, y.ulp_exponent), got);
  return impls::scaled(got, -y.ulp_exponent);
}

Outcome outcome(const impls::Format& format, double got, const Element& y) {
  if (got == y.rounded) return y.side == 0 ? Outcome::exact : Outcome::correctly_rounded;
  if (std::isnan(got)) return Outcome::spurious_nan;
  if (is_infinite_itself(y)) return Outcome::lost_inf;
  if (is_zero_itself(y)) return std::isinf(got) ? Outcome::spurious_inf : Outcome::leaked;
  const double other = y.side > 0 ? impls::next_down(format, y.rounded) : impls::next_up(format, y.rounded);
  if (y.side != 0 && got == other) return Outcome::faithful;
  if (std::isinf(got)) return Outcome::spurious_inf;
  return got == 0 ? Outcome::flushed : Outcome::off;
}

}  // namespace

Error measure(const impls::Format& format, double got, bool written, const Element& exact) {
  if (!written) return {Outcome::unwritten, none, infinity};
  const double value = spelled_out(format, got, exact);
  Error error{outcome(format, value, exact), none, infinity};
  if (error.outcome == Outcome::exact) return {Outcome::exact, 0, 0};
  if (std::isnan(value) || is_infinite_itself(exact)) return error;
  if (std::isinf(value) && error.outcome == Outcome::spurious_inf) return error;
  // Beyond 2^(emax + 1) infinity stands for y itself.
  if (value == exact.rounded && std::isinf(value) && exact.residual * value < 0)
    return {Outcome::correctly_rounded, 0, 0};
  // Near each other both are multiples of the ulp and the subtraction is exact; the residual brings in the unrounded y.
  double ulp = (units_of(format, value, exact) - exact.units) + exact.residual;
  // Infinity stands for everything from there on.
  if (std::isinf(value) && std::signbit(ulp) != std::signbit(value)) ulp = 0;
  if (has_number(error.outcome)) error.ulp = ulp;
  error.distance = std::abs(ulp);
  if (std::isinf(error.distance)) error.far = std::abs(value - exact.rounded);
  return error;
}

double in_ulps(const impls::Bound& bound, const Element& exact) {
  if (is_infinite_itself(exact)) return 0;
  const double y = std::abs(in_own_ulps(exact));
  return (y == 0 ? 0 : bound.relative * y) + impls::scaled(bound.absolute, -exact.ulp_exponent) + bound.ulps;
}

Standing stands(const impls::Format& format, const Error& error, const Element& exact, const impls::Bound& bound,
                bool subnormals_promised) {
  const double allowed = in_ulps(bound, exact);
  if (error.distance == 0) return {true, 0};
  if (std::isfinite(error.distance) && error.distance <= allowed) return {true, error.distance / allowed};
  // An infinite bound holds whatever is finite, also beside a y too small for a double.
  const bool unbounded = std::isinf(bound.relative) && in_own_ulps(exact) != 0;
  const double farthest = (unbounded ? infinity : bound.relative * std::abs(exact.rounded)) + bound.absolute;
  if (error.far > 0 && error.far <= farthest) return {true, error.far / farthest};
  // Below one smallest subnormal 0 is a neighbour, and called faithful.
  const bool zero = error.outcome == Outcome::flushed ||
                    (error.outcome == Outcome::faithful && error.distance == std::abs(in_own_ulps(exact)));
  if (zero && !subnormals_promised) {
    const double first_normal = impls::scaled(impls::smallest_normal(format), -exact.ulp_exponent);
    if (std::abs(in_own_ulps(exact)) - allowed < first_normal) return {true, 0};
  }
  return {false, error.distance / allowed};
}

}  // namespace audit::reference
