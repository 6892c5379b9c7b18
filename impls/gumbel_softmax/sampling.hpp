#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

#include "impls/rows.hpp"

// The noise of gumbel_softmax, and its hard variant: a draw in place of its relaxation. Static, as rows.hpp says.

namespace audit::impls {

/// A uniform number of the open interval (0, 1) from 64 random bits, an odd multiple of 2^-p. Neither end is there: at
/// 0 the noise is -inf and takes the class away, at 1 it is +inf and takes all. k·2^-p has the one; (k + 1/2)·2^-p, the
/// usual remedy, rounds to the other for the largest k.
template <class T>
static T open_uniform(std::uint64_t bits) {
  constexpr int precision = std::numeric_limits<T>::digits;
  const std::uint64_t odd = bits >> (64 - precision) | 1;
  return std::ldexp(static_cast<T>(odd), -precision);
}

/// Standard Gumbel noise, -log(-log u), from 64 random bits: finite, between -log(p log 2) and p log 2, for a type of
/// precision p.
template <class T>
[[maybe_unused]] static T gumbel_noise(std::uint64_t bits) {
  return -std::log(-std::log(open_uniform<T>(bits)));
}

/// The hard variant of gumbel_softmax: 1 at the first largest x_j + noise_j (row.operand), 0 elsewhere; with Gumbel
/// noise a draw from softmax(x), at any temperature. A masked entry is never drawn. A row with a NaN, or with nothing
/// but masks, is NaN. Exact but for the rounding of the sums. y may be x.
/// Source: Gumbel 1954; Maddison, Tarlow & Minka, "A* sampling", NIPS 2014; Jang, Gu & Poole 2017, section 2.2.
template <class T>
[[maybe_unused]] static void gumbel_softmax_hard(const RowView<T>& row) {
  for (std::size_t j = 0; j < row.n; ++j) row.y[j] = row.x[j] + row.operand[j];
  const std::size_t drawn = argmax<T>({row.y.first, row.y.step}, row.n);
  const T largest = row.y[drawn];
  const bool none = std::isnan(largest) || largest == -std::numeric_limits<T>::infinity();
  for (std::size_t j = 0; j < row.n; ++j)
    row.y[j] = none ? std::numeric_limits<T>::quiet_NaN() : static_cast<T>(j == drawn);
}

}  // namespace audit::impls
