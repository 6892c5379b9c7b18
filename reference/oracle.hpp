#pragma once

#include <vector>

#include "impls/contract.hpp"

namespace audit::reference {

/// What a row holds beside finite and masked entries; the answer to such a row is a matter of policy, not of rounding.
enum class Special { none, nan, plus_infinity, all_masked, empty };

/// The exact answer y to one element, enclosed so narrowly that its rounding is decided. y = (units - residual) ·
/// ulp(y).
struct Element {
  double rounded = 0;   ///< RN(y), to nearest even; infinite when y overflows, or is infinite itself
  double units = 0;     ///< RN(y) / ulp(y), an integer; for an overflow that of 2^(emax + 1), which infinity stands for
  double residual = 0;  ///< (RN(y) - y) / ulp(y), good to 2^-20
  int side = 0;         ///< the sign of RN(y) - y, known even where residual is too small for a double; 0: y is exact
  int ulp_exponent = 0;  ///< ulp(y) = 2^ulp_exponent
  bool decided = true;   ///< false: even the widest enclosure left the rounding open (see certify)
};

/// The exact answer to a row: one Element for each output, or none when the row is special.
struct Exact {
  Special special = Special::none;
  std::vector<Element> elements;
  int bits = 0;  ///< the precision that decided the last element; 0: exact rationals
  std::size_t undecided = 0;
};

/// Certifies a row by Ziv's strategy: enclose every element by interval arithmetic (MPFI), round both ends, and double
/// the precision until they agree (numerics.md section 2). Precondition: the row is a row of the format.
Exact certify(impls::Map map, const impls::Format& format, const impls::Row& row);

/// What kind of row it is, by its entries x (for gumbel_softmax: x + noise).
Special special(const impls::Row& row);

/// y / ulp(y), as a double: good to 2^-20, and to a relative 2^-53.
double in_own_ulps(const Element& element);

}  // namespace audit::reference
