// The division-free softmax: the exponential of x_j less the logsumexp of the row.
//
// Source: Blanchard, Higham & Higham 2021: their division-free variant, which they show to be the less accurate one.
// Algorithm: a = max x; L = a + τ·log1p(Σ others exp((x_i - a)/τ)); exp((x_j - L)/τ).
// Bound: bounds.md, "Division-free softmax": L carries the common offset of the row, and its rounding with it.
#include <cmath>

#include "impls/bounds.hpp"
#include "impls/shifted.hpp"

namespace audit::impls {
namespace {

template <class T>
struct LogSumExp {
  void operator()(const RowView<T>& row) const {
    const T logsumexp = logsumexp_shifted(row.x, row.n, row.temperature);
    for (std::size_t j = 0; j < row.n; ++j) row.y[j] = std::exp((row.x[j] - logsumexp) / row.temperature);
  }
};

}  // namespace

Implementation IMPLEMENTATION() {
  const Claim claim{
      .bound =
          "relative 2 + abs(log g_j) + abs(L) + Ḡ + 2 log S + n(1 - g_max), L the logsumexp (τ ≠ 1: L/τ, and log "
          "g_j and Ḡ twice, log S three times), and 1 subnormal",
      .source = "impls/bounds.md, Division-free softmax; after Blanchard, Higham & Higham 2021, section 4",
      .domain = {"as stable, and max + τ·log S at most half the largest number", logsumexp_fits},
      .bounds = division_free_softmax,
      .promises = strided | in_place | thread_safe | batch_invariant | deterministic | subnormals,
  };
  return {
      .map = Map::softmax,
      .formats = rowwise_formats(),
      .source = "Blanchard, Higham & Higham 2021, the division-free variant",
      .version = SUITE_VERSION,
      .prepare = [](const Format& format, const Shape&) { return rowwise<Map::softmax, LogSumExp>(format); },
      .claim = rounded_once(under_options(claim, IMPLEMENTATION_OPTIONS)),
  };
}

}  // namespace audit::impls
