#pragma once

#include <algorithm>
#include <cmath>
#include <functional>

#include "impls/bounds.hpp"

// What the derivations in bounds.md have in common, in units of u and to first order.

namespace audit::impls {

/// The error of one exp, log or log1p, in units of u: glibc's manual gives at most 1 ulp, which is up to 2u.
inline constexpr double libm = 2;

/// τ = 1 costs nothing; any other one rounding more for each quotient by it.
inline int quotients(const Row& row) { return row.temperature == 1 ? 0 : 1; }
/// Roundings of the argument (x_j - a)/τ of an exponential.
inline int roundings(const Row& row) { return 1 + quotients(row); }

/// The bound of shifted_softmax, its relative part in units of u and to first order.
inline double shifted_relative(const Facts& f, int r, std::size_t j) {
  return static_cast<double>(f.terms) + 2 * libm + r * (f.gap[j] + f.mean_gap);
}

/// Subnormals of an exponential that is divided: both round.
inline constexpr double quotient_subnormals = (libm + 1) / 2;

/// The absolute error of log1p(Σ others) as a logarithm of S, in units of u and in subnormals.
inline double log_sum_error(const Facts& f, int r) {
  const double additions = std::max(static_cast<double>(f.terms) - 2, 0.0);
  return r * f.mean_gap + libm * f.log_sum + f.rest * (additions + libm);
}
inline double log_sum_subnormals(const Facts& f) { return (libm / 2 + 1) * static_cast<double>(f.terms); }

/// The same of log(Σ all).
inline double whole_log_sum_error(const Facts& f, int r) {
  return r * f.mean_gap + libm * f.log_sum + static_cast<double>(f.terms) - 1 + f.rest * libm;
}

/// abs(log g_j)
inline double depth(const Facts& f, std::size_t j) { return f.gap[j] + f.log_sum; }

/// z = x - a in descending order, a the maximum: what the maps onto the simplex depend on.
inline std::vector<double> shifted_and_sorted(const Row& row) {
  std::vector<double> z = row.x;
  const double largest = *std::ranges::max_element(z);
  for (double& v : z) v -= largest;
  std::ranges::sort(z, std::greater{});
  return z;
}

inline std::size_t count_above(const std::vector<double>& z, double level) {
  return static_cast<std::size_t>(std::ranges::count_if(z, [&](double v) { return v > level; }));
}

/// Higher orders of the maps onto the simplex; infinite for rows too long.
inline double simplex_higher_orders(const Row& row, double u) {
  const double used = (8 * static_cast<double>(row.x.size()) + 8192) * u;
  return used < 1 ? 1 / (1 - used) : INFINITY;
}

}  // namespace audit::impls
