#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "impls/formats.hpp"
#include "impls/softmax/exact_constants.hpp"

namespace audit::impls::correctly_rounded {

/// A number below·2^exponent of a format and the next one above it, with y between them or within a fraction of an ulp
/// of there; and on which side of the midpoint y lies: 1 above, -1 below, 0 where that is not known.
struct Bracket {
  std::uint64_t below;
  int exponent;
  int side;
};

/// The bracket of y = (hi + lo)·2^-scale > 0, abs(lo) ≤ ulp(hi)/2, with a relative error < 2^-60.
Bracket bracket(const Format& format, Pair<double> scaled_y, int scale, double relative_error);

/// A row whose open elements are decided by integer arithmetic, as wide as it takes. Time does not matter here: one
/// element in 2^30 comes so far.
class Integers {
 public:
  /// Finite and masked (-inf) entries, one at least finite.
  Integers(std::vector<double> x, double temperature);

  /// On which side of the midpoint of its bracket the softmax of element j lies; 0 if it is the midpoint.
  int side(std::size_t j, const Bracket& bracket);

 private:
  void sum_up(std::size_t limbs);

  std::vector<double> x_;
  double temperature_, max_;
  std::size_t finite_, tops_;         ///< entries that are not masked; entries at the maximum
  std::vector<std::uint64_t> sum_{};  ///< Σ e^((x_i - max)/τ), with as many limbs as it was last asked for
};

/// The number of the format that a bracket with a known side is rounded to; ties to even.
double rounded(const Bracket& bracket);

}  // namespace audit::impls::correctly_rounded
