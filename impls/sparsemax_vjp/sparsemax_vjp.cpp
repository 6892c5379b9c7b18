// The gradient of a loss with respect to the logits x, from that with respect to y = sparsemax(x): the vector-Jacobian
// product of sparsemax.
//
// Source: Martins & Astudillo 2016, eq. 14: the Jacobian is diag(s) - s sᵀ/k, s the indicator of the k entries in the
// support.
// Algorithm: the threshold by sort; g_j less the mean of g over the support, and 0 outside of it.
// Bound: bounds.md, "Gradient of sparsemax": absolute, of rows whose support no rounding changes.
#include "impls/bounds.hpp"
#include "impls/sparsemax/above_threshold.hpp"

namespace audit::impls {
namespace {

template <class T>
struct SparsemaxVjp {
  std::vector<T> shifted;

  void operator()(const RowView<T>& row) {
    const T a = row.x[argmax(row.x, row.n)], tau = sparsemax_threshold(row, a, shifted, threshold_by_sort<T>);
    T sum = 0, support = 0;
    for (std::size_t j = 0; j < row.n; ++j) {
      if (!((row.x[j] - a) - tau > 0)) continue;
      sum += row.operand[j];
      support += 1;
    }
    const T mean = sum / support;  // NaN of no support
    for (std::size_t j = 0; j < row.n; ++j) row.y[j] = (row.x[j] - a) - tau <= 0 ? 0 : row.operand[j] - mean;
  }
};

}  // namespace

Implementation IMPLEMENTATION() {
  const Claim claim{
      .bound =
          "absolute abs(y_j) + abs(mean g) + (k - 1)·mean abs(g), k in the support and the means over it, and 0.5 "
          "subnormals; 0 outside",
      .source = "impls/bounds.md, Gradient of sparsemax",
      .domain = {"no entry within (4 m + 16) u of the threshold, m those within 2 of the maximum; Σ abs(g) at most an "
                 "eighth of the largest number",
                 support_is_certain},
      .bounds = sorted_sparsemax_vjp,
      .promises = strided | in_place | thread_safe | batch_invariant | deterministic | shift_exact | subnormals,
  };
  return {
      .map = Map::sparsemax_vjp,
      .formats = rowwise_formats(),
      .source = "Martins & Astudillo 2016, eq. 14",
      .version = SUITE_VERSION,
      .prepare = [](const Format& format, const Shape&) { return rowwise<Map::sparsemax_vjp, SparsemaxVjp>(format); },
      .claim = rounded_once(under_options(claim, IMPLEMENTATION_OPTIONS)),
  };
}

}  // namespace audit::impls
