#include "reference/exact.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace audit::reference {
namespace {

/// ulp(y) of y = rounded + rest, by the binade of y: the one below where RN(y) is a power of two that y does not reach.
int ulp_exponent(const impls::Format& format, double rounded, double rest) {
  const int at_rounded = impls::ulp_exponent(format, rounded);
  const bool falls_short = rest != 0 && std::signbit(rest) != std::signbit(rounded);
  const bool first_of_binade = rounded != 0 && std::abs(rounded) == impls::scaled(1.0, impls::exponent_of(rounded));
  const bool normal = std::abs(rounded) > impls::smallest_normal(format);
  return falls_short && first_of_binade && normal ? at_rounded - 1 : at_rounded;
}

int sign(double value) { return (value > 0) - (value < 0); }

/// The binade of y = first_overflow + rest, which is no less than the midpoint below first_overflow; of an undecided
/// element the rest may be anything.
int binade_of_overflow(const impls::Format& format, double rest) {
  const double top = overflow_units(format, format.emax);  // 2, or less in a format without infinities
  if (top == 2 && rest < 0) return format.emax;
  return format.emax + impls::exponent_of(std::max(1.0, top + impls::scaled(rest, -format.emax)));
}

/// An overflow, or infinite itself.
Element beyond_finite(const impls::Format& format, double rounded, double rest) {
  Element y;
  y.rounded = rounded;
  y.ulp_exponent = impls::ulp_exponent(format, 0);
  if (rest == 0) return y;
  y.side = sign(rounded);
  y.ulp_exponent = binade_of_overflow(format, std::copysign(1.0, rounded) * rest) - format.precision + 1;
  y.units = std::copysign(overflow_units(format, y.ulp_exponent), rounded);
  y.residual = impls::scaled(-rest, -y.ulp_exponent);
  return y;
}

Element finite(const impls::Format& format, double rounded, double rest) {
  Element y;
  y.rounded = rounded;
  y.ulp_exponent = ulp_exponent(format, rounded, rest);
  y.units = impls::scaled(rounded, -y.ulp_exponent);
  y.residual = impls::scaled(-rest, -y.ulp_exponent + impls::exponent_of(rest_unit(format)));
  y.side = -sign(rest);
  return y;
}

}  // namespace

Element Exact::element(std::size_t j) const {
  const bool infinite = std::isinf(rounded[j]);
  Element y = infinite ? beyond_finite(format, rounded[j], rest[j]) : finite(format, rounded[j], rest[j]);
  y.decided = undecided.empty() || !std::ranges::binary_search(undecided, j);
  return y;
}

void Exact::set(std::size_t j, const Element& y) {
  constexpr double most = std::numeric_limits<double>::max();
  const double unit = std::isinf(y.rounded) ? 1 : rest_unit(format);
  rounded[j] = y.rounded;
  rest[j] = std::clamp(impls::scaled(-y.residual, y.ulp_exponent - impls::exponent_of(unit)), -most, most);
  if (rest[j] == 0 && y.side != 0) rest[j] = -y.side * std::numeric_limits<double>::denorm_min();
}

double overflow_units(const impls::Format& format, int ulp_exponent) {
  const int top_ulp = format.emax - format.precision + 1;
  return impls::scaled(impls::scaled(impls::largest_finite(format), -top_ulp) + 1, top_ulp - ulp_exponent);
}

}  // namespace audit::reference
