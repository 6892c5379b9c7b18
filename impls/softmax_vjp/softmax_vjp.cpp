// The gradient of a loss with respect to the logits x, from that with respect to y = softmax(x/τ): the vector-Jacobian
// product of the softmax.
//
// Source: Bridle, "Probabilistic interpretation of feedforward classification network outputs", NATO ASI F68 (1990):
// ∂y_i/∂x_j = y_i (δ_ij - y_j), over τ.
// Algorithm: y by the shifted softmax; d = Σ y_i g_i; y_j (g_j - d)/τ. A masked entry has y_j = 0, and gets 0.
// Bound: bounds.md, "Gradient of the softmax": absolute, relative to y_j alone where the g_j nearly agree.
#include "impls/bounds.hpp"
#include "impls/shifted.hpp"

namespace audit::impls {
namespace {

template <class T>
struct SoftmaxVjp {
  void operator()(const RowView<T>& row) const {
    write_shifted_softmax(row.x, row.y, row.n, row.temperature);
    T mean = 0;
    for (std::size_t i = 0; i < row.n; ++i) mean += row.y[i] * row.operand[i];
    for (std::size_t j = 0; j < row.n; ++j) row.y[j] = row.y[j] * (row.operand[j] - mean) / row.temperature;
  }
};

}  // namespace

Implementation IMPLEMENTATION() {
  const Claim claim{
      .bound =
          "absolute y_j/τ · ((n + 6 + t_j + Ḡ)·abs(g_j - d) + (n + 1 + Ḡ)·abs(d) + Σ y_i abs(g_i)(n + 3 + t_i)), d = "
          "Σ y_i g_i (τ ≠ 1: t and Ḡ twice, n + 7), and 1.5 (abs(g_j - d) + y_j Σ abs(g_i))/τ subnormals and more",
      .source = "impls/bounds.md, Gradient of the softmax",
      .domain = {"as stable, and Σ abs(g), also over τ, at most an eighth of the largest number", gradients_fit},
      .bounds = shifted_softmax_vjp,
      .promises = strided | in_place | thread_safe | batch_invariant | deterministic | shift_exact | subnormals,
  };
  return {
      .map = Map::softmax_vjp,
      .formats = rowwise_formats(),
      .source = "Bridle 1990",
      .version = SUITE_VERSION,
      .prepare = [](const Format& format, const Shape&) { return rowwise<Map::softmax_vjp, SoftmaxVjp>(format); },
      .claim = rounded_once(under_options(claim, IMPLEMENTATION_OPTIONS)),
  };
}

}  // namespace audit::impls
