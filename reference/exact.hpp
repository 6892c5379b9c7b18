#pragma once

#include <cstddef>
#include <vector>

#include "impls/formats.hpp"

namespace audit::reference {

/// What a row holds beside finite and masked entries; the answer to such a row is a matter of policy, not of rounding.
enum class Special { none, nan, plus_infinity, all_masked, empty };

/// The exact answer y to one element, enclosed so narrowly that its rounding is decided. y = (units - residual) ·
/// ulp(y).
struct Element {
  double rounded = 0;    ///< RN(y), to nearest even; infinite when y overflows, or is infinite itself
  double units = 0;      ///< RN(y) / ulp(y), an integer; for an overflow that of what infinity stands for
  double residual = 0;   ///< (RN(y) - y) / ulp(y), good to 2^-20
  int side = 0;          ///< the sign of RN(y) - y, known even where residual is too small for a double; 0: y is exact
  int ulp_exponent = 0;  ///< ulp(y) = 2^ulp_exponent
  bool decided = true;   ///< false: even the widest enclosure left the rounding open (see certify)
};

/// The exact answer to a row, one y for each output, or none when the row is special. Structure of arrays, so that SIMD
/// writes it and reads it.
struct Exact {
  impls::Format format = impls::f64;
  Special special = Special::none;
  std::vector<double> rounded;  ///< RN(y), to nearest even; infinite when y overflows, or is infinite itself
  /// (y - RN(y)) / rest_unit(format), good to 2^-20 ulp; where RN(y) is an overflow, y less the number that infinity
  /// stands for (impls::first_overflow), as far as a double reaches. 0 only when y is RN(y), or infinite itself; where
  /// it is too small for a double, the smallest one: its sign is the side of RN(y) that y lies on.
  std::vector<double> rest;
  std::vector<std::size_t> undecided;  ///< ascending: even the widest enclosure left these open (see certify)
  int bits = 0;                        ///< the precision that decided the last element; 0: exact rationals
  std::size_t fallbacks = 0;           ///< elements that the fast path left to MPFR

  /// The number of outputs.
  [[nodiscard]] std::size_t size() const { return rounded.size(); }
  [[nodiscard]] Element element(std::size_t j) const;
  /// Makes y_j what an element says.
  void set(std::size_t j, const Element& y);
};

/// The unit of Exact::rest: 1, and 2^-53 where the ulps of the format reach down to the smallest double (f64), so that
/// a part of an ulp is always a double.
constexpr double rest_unit(const impls::Format& format) { return format.precision == 53 ? 0x1p-53 : 1; }

/// impls::first_overflow(format) in units of 2^ulp_exponent; it is no double itself where the format is f64.
double overflow_units(const impls::Format& format, int ulp_exponent);

}  // namespace audit::reference
