#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>

#include "reference/fast/constants.hpp"

namespace audit::reference::fast {

/// The bounds that proof.md proves, by the names it gives them; those in pairs in units of u².
inline constexpr double exponential_error = 1.6 * u;
inline constexpr double pair_exponential_error = 22;
inline constexpr double pair_product_error = 7;
inline constexpr double inverse_error = 12;  ///< of the total and its reciprocal
inline constexpr double logarithm_error = 170;

/// Additions that one term of a pairwise sum goes through (an addition of 0 is exact).
constexpr double additions(std::size_t n) {
  return static_cast<double>(std::min<std::size_t>(n, 18 + static_cast<std::size_t>(std::bit_width(n))));
}

/// What the error of σ, the sum of the exponentials below the maximum, makes of the whole sum S: relative errors of S,
/// where σ is `part` of S.
constexpr double narrow_sum_error(std::size_t n, double part) {
  const double lost = static_cast<double>(n) * u;
  return exponential_error * part + std::min(lost * part, 2 * lost * lost);
}
constexpr double pair_sum_error(std::size_t n, double part) {
  return (pair_exponential_error + 3 * additions(n)) * u * u * part;
}

/// Relative errors of l = log S.
constexpr double narrow_logarithm_error(std::size_t n, double l) {
  return narrow_sum_error(n, l) / l + logarithm_error * u * u;
}
constexpr double pair_logarithm_error(std::size_t n) { return pair_sum_error(n, 1) + logarithm_error * u * u; }

/// Relative errors of a softmax element before it is rounded; that in pairs for a temperature of 1 and no noise.
constexpr double narrow_error(std::size_t n) { return exponential_error + narrow_sum_error(n, 1) + 0x1p-60; }
constexpr double pair_error(std::size_t n) {
  return pair_sum_error(n, 1) + (pair_exponential_error + pair_product_error + inverse_error) * u * u;
}

}  // namespace audit::reference::fast
