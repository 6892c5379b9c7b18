#pragma once

#include <algorithm>
#include <vector>

#include "impls/contract.hpp"

// What the files that say what is expected have in common. Constants are in units of the working u.

namespace audit::properties {

/// What the bounds of numerics.md section 3 are made of, for a row of scores s = x/τ or (x + g)/τ.
struct Anatomy {
  std::vector<double> depth;  ///< t_j = max s - s_j; infinite for a masked entry
  double top = 0;             ///< max s
  double magnitude = 0;       ///< max abs(s) of the finite entries
  double mean_depth = 0;      ///< Σ softmax_j t_j
  double log_sum = 0;         ///< log Σ e^(-t_j)
  double n = 0;               ///< finite entries
  bool noise = false;         ///< scores are x + g
  double changes = 0;         ///< most_changes of the scores
};

/// What the arithmetic runs in: at least single precision.
inline const impls::Format& working(const impls::Format& format) { return format.bytes < 4 ? impls::f32 : format; }

/// An absolute bound of k·u: what all of a sum's roundings multiply it by.
inline double absolute_error(double k, double n, const impls::Format& format) {
  const double u = impls::unit_roundoff(working(format));
  return std::min(k * u / std::max(1 - (n + 1024) * u, 0.5), impls::largest_finite(format));
}

/// A bound on what single precision gives, as one on the result rounded to a narrower format.
inline impls::Bound in_format(const impls::Format& format, const impls::Bound& bound) {
  return working(format) == format ? bound : impls::rounded_once(bound);
}

/// The maps onto the simplex, and the gradient of one (expected_simplex.cpp).
std::vector<impls::Bound> expected_sparsemax(const impls::Format& format, const Anatomy& a);
std::vector<impls::Bound> expected_sparsemax_vjp(const impls::Format& format, const impls::Row& row, const Anatomy& a);
std::vector<impls::Bound> expected_entmax15(const impls::Format& format, const Anatomy& a);

}  // namespace audit::properties
