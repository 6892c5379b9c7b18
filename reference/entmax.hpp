#pragma once

#include <mpfi.h>

#include <boost/multiprecision/gmp.hpp>
#include <optional>
#include <vector>

#include "impls/contract.hpp"

namespace audit::reference {

/// What the 1.5-entmax of a row is made of, exactly. With X_j = 2^s (x_j - max x) integers and k entries in the
/// support, entry j of it has
///
///     y_j = ((N_j + √R) / (2^(s+1) k))²,   N_j = k X_j - Σ X_i,   R = k (4^(s+1) - Σ X_i²) + (Σ X_i)²,
///
/// sums over the support: τ of Σ max(x_j/2 - τ, 0)² = 1 is a root of a quadratic. N_j + √R > 0, and R > 0.
struct EntmaxSupport {
  using Integer = boost::multiprecision::mpz_int;
  std::vector<std::optional<Integer>> at;  ///< N_j; none where y_j is 0
  Integer squared;                         ///< R
  Integer unit;                            ///< 2^(s+1) k
};

/// Decided without a root: an entry is in the support when the sum of (x_i - x_j)² over the larger ones is below 4. x
/// has finite and masked entries, one at least finite.
/// Source: Peters, Niculae & Martins, "Sparse sequence-to-sequence models", ACL 2019, section 4.2 and appendix C.
EntmaxSupport entmax15_support(const std::vector<double>& x);

/// y_j = max(x_j/2 - τ, 0)² of the sum 1; nullopt where it is exactly 0. Where N_j < 0, N_j + √R is (R - N_j²)/(√R -
/// N_j), and nothing cancels.
///
/// When it ends: y_j is rational when N_j = 0, where it is R/4^(s+1)/k², or R is a square, and then a point where it is
/// dyadic, all else in an enclosure being integers. Else it is irrational of degree 2, and further from every rational
/// boundary than about 2^-(4s + 4 log k): 4098 bits are enough for every format but f64, and there unless entries next
/// to the maximum go down to 2^-1000, where it may be left undecided.
template <class I>
std::vector<std::optional<I>> entmax15(const impls::Row& row) {
  using Integer = EntmaxSupport::Integer;
  const auto enclosed = [](const Integer& z) {
    I made;
    mpfi_set_z(made.backend().data(), z.backend().data());
    return made;
  };
  const auto square = [](const I& v) { return I(v * v); };
  const EntmaxSupport support = entmax15_support(row.x);
  const I root = sqrt(enclosed(support.squared)), unit = enclosed(support.unit);
  std::vector<std::optional<I>> y(row.x.size());
  for (std::size_t j = 0; j < y.size(); ++j) {
    if (!support.at[j]) continue;
    const Integer& at = *support.at[j];
    if (at == 0) {
      y[j] = I(enclosed(support.squared) / square(unit));
    } else if (at > 0) {
      y[j] = square(I(I(enclosed(at) + root) / unit));
    } else {
      const I whole = enclosed(Integer(support.squared - at * at)) / I(root + enclosed(Integer(-at)));
      y[j] = square(I(whole / unit));
    }
  }
  return y;
}

}  // namespace audit::reference
