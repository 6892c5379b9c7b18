// The gradient of the cross entropy of a class index with respect to the logits: softmax(x), less 1 at the target.
//
// Source: Bridle 1990; Goodfellow, Bengio & Courville, "Deep Learning" (2016), 6.2.2.3.
// Algorithm: e_j = exp(x_j - max), their sum without the target's, and with it; e_j over the one, and at the target the
// other, negated, in place of 1: no digit is lost where the target's mass is near 1.
// Bound: bounds.md, "Gradient of the cross entropy": relative in every element.
#include "impls/bounds.hpp"
#include "impls/shifted.hpp"

namespace audit::impls {
namespace {

template <class T>
struct CrossEntropyVjp {
  void operator()(const RowView<T>& row) const {
    const auto target = static_cast<std::size_t>(row.target);
    write_shifted_exponentials(row.x, row.y, row.n, T{1});
    T others = 0;
    for (std::size_t j = 0; j < row.n; ++j)
      if (j != target) others += row.y[j];
    const T sum = others + row.y[target];
    row.y[target] = 0 - others;
    divide_by(sum, row.y, row.n);
  }
};

}  // namespace

Implementation IMPLEMENTATION() {
  const Claim claim{
      .bound =
          "relative n + 4 + t_j + Ḡ; at the target 2 + y·(n + 2 + t + Ḡ'), y its mass and Ḡ' the mean t of the others; "
          "and 2n + 0.5 subnormals",
      .source = "impls/bounds.md, Gradient of the cross entropy",
      .bounds = shifted_cross_entropy_vjp,
      .promises = strided | in_place | thread_safe | batch_invariant | deterministic | shift_exact | subnormals,
  };
  return {
      .map = Map::cross_entropy_vjp,
      .formats = rowwise_formats(),
      .source = "Goodfellow, Bengio & Courville 2016, 6.2.2.3",
      .version = SUITE_VERSION,
      .prepare = [](const Format& format,
                    const Shape&) { return rowwise<Map::cross_entropy_vjp, CrossEntropyVjp>(format); },
      .claim = rounded_once(under_options(claim, IMPLEMENTATION_OPTIONS)),
  };
}

}  // namespace audit::impls
