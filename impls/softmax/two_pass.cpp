// The softmax without a maximum that still cannot overflow: every exponential is kept as m·2^k, and so is their sum.
//
// Source: Dukhan & Ablavatski, "The two-pass softmax algorithm", arXiv:2001.04438 (2020), Algorithm 3; the reduction of
// the argument is Cody & Waite's, "Software manual for the elementary functions" (1980).
// Algorithm: k = x/log 2 to the nearest integer, m = exp(x - k log 2); a first pass sums the m_i 2^(k_i - K), K the
// largest k so far; a second one gives m_j / M · 2^(k_j - K).
// Bound: bounds.md, "Mantissa and exponent": nothing is subtracted but multiples of log 2, exactly, so that the error
// is free of the spread.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "impls/bounds.hpp"
#include "impls/rows.hpp"

namespace audit::impls {
namespace {

/// log 2 in two parts: k times the first is exact for integers k up to 2^12 (f32), 2^20 (f64).
template <class T>
struct Log2Parts {
  static constexpr T high = 2839 / T{4096};
  static constexpr T low = 0x1.0bfbe8p-15F;
};
template <>
struct Log2Parts<double> {
  static constexpr double high = 0xB17217F7 / 0x1p32;
  static constexpr double low = 0x1.a39ef35793c76p-33;
};

/// e^v = mantissa · 2^exponent, the mantissa in [1/√2, √2], or 0 for a masked entry.
template <class T>
struct Exponential {
  T mantissa;
  T exponent;  ///< an integer, or -inf
};

template <class T>
Exponential<T> exponential(T v) {
  if (v == -std::numeric_limits<T>::infinity()) return {0, v};
  const T exponent = std::rint(v * std::numbers::log2e_v<T>);
  return {std::exp((v - exponent * Log2Parts<T>::high) - exponent * Log2Parts<T>::low), exponent};
}

/// v · 2^k for an integer k ≤ 0, or -inf; a k that is NaN comes with a v that is 0 or NaN.
template <class T>
T scaled(T v, T k) {
  constexpr T below_all = -4096;
  return std::ldexp(v, static_cast<int>(std::max(below_all, k)));
}

template <class T>
struct TwoPass {
  void operator()(const RowView<T>& row) const {
    Exponential<T> sum{0, -std::numeric_limits<T>::infinity()};
    for (std::size_t i = 0; i < row.n; ++i) {
      const Exponential<T> e = exponential(row.x[i] / row.temperature);
      const T largest = std::max(sum.exponent, e.exponent);
      sum = {scaled(sum.mantissa, sum.exponent - largest) + scaled(e.mantissa, e.exponent - largest), largest};
    }
    for (std::size_t j = 0; j < row.n; ++j) {
      const Exponential<T> e = exponential(row.x[j] / row.temperature);
      row.y[j] = scaled(e.mantissa / sum.mantissa, e.exponent - sum.exponent);
    }
  }
};

}  // namespace

Implementation IMPLEMENTATION() {
  const Claim claim{
      .bound = "relative n + 5.2, whatever the spread (τ ≠ 1: and abs(x_j/τ) + max abs(x/τ)), and 0.5 subnormals",
      .source = "impls/bounds.md, Mantissa and exponent; the algorithm of Dukhan & Ablavatski 2020",
      .domain = {"every unmasked x_j/τ at most 2048 in absolute value", quotients_small},
      .bounds = mantissa_exponent_softmax,
      .promises = strided | in_place | thread_safe | batch_invariant | deterministic | subnormals,
  };
  return {
      .map = Map::softmax,
      .formats = rowwise_formats(),
      .source = "Dukhan & Ablavatski 2020, Algorithm 3",
      .version = SUITE_VERSION,
      .prepare = [](const Format& format, const Shape&) { return rowwise<Map::softmax, TwoPass>(format); },
      .claim = rounded_once(under_options(claim, IMPLEMENTATION_OPTIONS)),
  };
}

}  // namespace audit::impls
