// The shifted softmax of x/τ, divided before the maximum is subtracted, as a layer that scales its logits does.
//
// Source: Hinton, Vinyals & Dean, "Distilling the knowledge in a neural network", arXiv:1503.02531 (2015), (1).
// Algorithm: z = x/τ, written into y; the shifted softmax of z in place.
// Bound: bounds.md, "Divided first": the rounding of x_j/τ grows with a common offset, where stable has t_j instead.
#include "impls/bounds.hpp"
#include "impls/shifted.hpp"

namespace audit::impls {
namespace {

template <class T>
struct TemperatureFirst {
  void operator()(const RowView<T>& row) const {
    for (std::size_t j = 0; j < row.n; ++j) row.y[j] = row.x[j] / row.temperature;
    write_shifted_softmax({row.y.first, row.y.step}, row.y, row.n, T{1});
  }
};

}  // namespace

Implementation IMPLEMENTATION() {
  const Claim claim{
      .bound = "relative n + 4 + t_j + Ḡ (τ ≠ 1: and Ḡ + abs(x_j/τ) + abs(max x/τ)), and 1.5 subnormals",
      .source = "impls/bounds.md, Divided first",
      .domain = {"every unmasked x_j/τ at most half the largest number", quotients_fit},
      .bounds = divided_first_softmax,
      .promises = strided | in_place | thread_safe | batch_invariant | deterministic | subnormals,
  };
  return {
      .map = Map::softmax,
      .formats = rowwise_formats(),
      .source = "Hinton, Vinyals & Dean 2015, (1)",
      .version = SUITE_VERSION,
      .prepare = [](const Format& format, const Shape&) { return rowwise<Map::softmax, TemperatureFirst>(format); },
      .claim = rounded_once(under_options(claim, IMPLEMENTATION_OPTIONS)),
  };
}

}  // namespace audit::impls
