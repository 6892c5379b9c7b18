#pragma once

#include <vector>

#include "impls/softmax/exact_constants.hpp"

namespace audit::impls::correctly_rounded {

/// 113 bits.
__extension__ using Quad = __float128;

inline Quad whole(const Pair<double>& a) { return Quad{a.hi} + a.lo; }
inline double size(Quad v) { return static_cast<double>(v < 0 ? -v : v); }

/// e^z to 2^-99 of it, for abs(z) ≤ 1000: the series at z/2^11, squared.
inline Quad exponential_of(Quad z) {
  const Quad r = z / 2048;
  Quad e = 1;
  for (int i = 30; i > 0; --i) e = 1 + r * e / i;
  for (int i = 0; i < 11; ++i) e *= e;
  return e;
}

/// A row of floats by the first two steps: every y in double, with its units; and in pairs, times 2^pair_scale.
struct Unrounded {
  std::vector<double> in_double;
  double units = 0;
  std::vector<Pair<double>> in_pairs;
};

}  // namespace audit::impls::correctly_rounded
