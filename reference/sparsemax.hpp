#pragma once

#include <vector>

#include "impls/formats.hpp"
#include "reference/oracle.hpp"

namespace audit::reference {

/// sparsemax(x) = max(x - τ, 0), τ = (Σ_{j ≤ k} x_(j) - 1)/k and k the largest with 1 + k·x_(k) > Σ_{j ≤ k} x_(j), in
/// exact rational arithmetic. x has finite and masked entries, one at least finite.
/// Source: Martins & Astudillo, "From Softmax to Sparsemax", ICML 2016, algorithm 1.
std::vector<Element> sparsemax(const impls::Format& format, const std::vector<double>& x);

/// v_j = g_j less the mean of g over the support, the entries with sparsemax(x)_j > 0; 0 at the others. In exact
/// rational arithmetic. Where an entry lies at the threshold sparsemax has a kink, and this is one of its derivatives.
/// Source: Martins & Astudillo 2016, eq. 14.
std::vector<Element> sparsemax_vjp(const impls::Format& format, const std::vector<double>& x,
                                   const std::vector<double>& g);

/// What an answer y to x says about the optimality conditions of sparsemax, the projection onto the simplex: that
/// y_j = max(x_j - τ, 0) for one τ, and Σ y_j = 1 (Martins & Astudillo 2016, eqs. 3 and 4).
struct Optimality {
  /// Whether a τ is left by every element: abs(y_j - max(x_j - τ, 0)) ≤ slack_j.
  bool one_threshold = true;
  /// Whether one of those τ also makes Σ max(x_j - τ, 0) = 1.
  bool mass_of_one = true;
  std::size_t lowest = 0, highest = 0;  ///< the elements that leave the least room for τ, from above and from below
};
/// In exact rational arithmetic, and without sparsemax(). x has finite and masked entries, one at least finite; y is
/// finite, slack is not NaN.
Optimality optimality(const std::vector<double>& x, const std::vector<double>& y, const std::vector<double>& slack);

/// The same of entmax15, half the logits' nearest point by Tsallis' entropy: that √y_j = max(x_j/2 - τ, 0) for one τ,
/// and Σ max(x_j/2 - τ, 0)² = 1 (Peters, Niculae & Martins 2019, eq. 12). Roots are rounded outwards, all else is
/// exact.
Optimality entmax15_optimality(const std::vector<double>& x, const std::vector<double>& y,
                               const std::vector<double>& slack);

/// Whether x is a point of the simplex, so that it is its own sparsemax: x_j ≥ 0, and Σ x_j = 1 exactly.
bool on_simplex(const std::vector<double>& x);

}  // namespace audit::reference
