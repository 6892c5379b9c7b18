// log_softmax by its definition: the logits less their logsumexp.
//
// Source: the formula; Blanchard, Higham & Higham 2021, section 4, show what is lost.
// Algorithm: L = a + τ·log1p(Σ others exp((x_i - a)/τ)); (x_j - L)/τ.
// Bound: bounds.md, "Log_softmax by logsumexp": L carries the common offset of the row, and its rounding with it.
#include "impls/bounds.hpp"
#include "impls/shifted.hpp"

namespace audit::impls {
namespace {

template <class T>
struct MinusLogsumexp {
  void operator()(const RowView<T>& row) const {
    const T logsumexp = logsumexp_shifted(row.x, row.n, row.temperature);
    for (std::size_t j = 0; j < row.n; ++j) row.y[j] = (row.x[j] - logsumexp) / row.temperature;
  }
};

}  // namespace

Implementation IMPLEMENTATION() {
  const Claim claim{
      .bound =
          "absolute abs(y_j) + abs(L) + Ḡ + 2 log S + n(1 - g_max), L the logsumexp (τ ≠ 1: L/τ, y_j and Ḡ twice, log "
          "S three times), and 2n subnormals",
      .source = "impls/bounds.md, Log_softmax by logsumexp",
      .domain = {"as log_softmax_log1p and log_sum_exp", log_softmax_by_logsumexp_fits},
      .bounds = logsumexp_log_softmax,
      .promises = strided | in_place | thread_safe | batch_invariant | deterministic | subnormals,
  };
  return {
      .map = Map::log_softmax,
      .formats = rowwise_formats(),
      .source = "Blanchard, Higham & Higham 2021, section 4",
      .version = SUITE_VERSION,
      .prepare = [](const Format& format, const Shape&) { return rowwise<Map::log_softmax, MinusLogsumexp>(format); },
      .claim = rounded_once(under_options(claim, IMPLEMENTATION_OPTIONS)),
  };
}

}  // namespace audit::impls
