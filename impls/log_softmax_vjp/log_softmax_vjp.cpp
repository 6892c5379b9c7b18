// The gradient of a loss with respect to the logits x, from that with respect to log_softmax(x): the vector-Jacobian
// product of log_softmax, and the backward pass of a cross entropy.
//
// Source: ∂ log y_i/∂x_j = δ_ij - y_j, y the softmax; Goodfellow, Bengio & Courville, "Deep Learning" (2016), 6.2.2.3.
// Algorithm: y by the shifted softmax; G = Σ g_i over the unmasked entries; g_j - y_j G. A masked entry gets 0, and its
// own g has no influence.
// Bound: bounds.md, "Gradient of log_softmax": absolute.
#include <limits>

#include "impls/bounds.hpp"
#include "impls/shifted.hpp"

namespace audit::impls {
namespace {

template <class T>
struct LogSoftmaxVjp {
  std::vector<T> softmax;  // of its own: x says what is masked until y_j is written

  void operator()(const RowView<T>& row) {
    constexpr T masked = -std::numeric_limits<T>::infinity();
    softmax.resize(row.n);
    write_shifted_softmax(row.x, {softmax.data()}, row.n, T{1});
    T total = 0;
    for (std::size_t i = 0; i < row.n; ++i)
      if (row.x[i] != masked) total += row.operand[i];
    for (std::size_t j = 0; j < row.n; ++j) row.y[j] = (row.x[j] != masked ? row.operand[j] : 0) - softmax[j] * total;
  }
};

}  // namespace

Implementation IMPLEMENTATION() {
  const Claim claim{
      .bound =
          "absolute abs(y_j') + y_j·((n + 5 + t_j + Ḡ)·abs(G) + (n - 1)·Σ abs(g_i)), y_j' the gradient and G = Σ g_i, "
          "and 1.5 abs(G) + 0.5 subnormals",
      .source = "impls/bounds.md, Gradient of log_softmax",
      .domain = {"as stable, and Σ abs(g) at most an eighth of the largest number", gradients_fit},
      .bounds = shifted_log_softmax_vjp,
      .promises = strided | in_place | thread_safe | batch_invariant | deterministic | shift_exact | subnormals,
  };
  return {
      .map = Map::log_softmax_vjp,
      .formats = rowwise_formats(),
      .source = "Goodfellow, Bengio & Courville 2016, 6.2.2.3",
      .version = SUITE_VERSION,
      .prepare = [](const Format& format,
                    const Shape&) { return rowwise<Map::log_softmax_vjp, LogSoftmaxVjp>(format); },
      .claim = rounded_once(under_options(claim, IMPLEMENTATION_OPTIONS)),
  };
}

}  // namespace audit::impls
