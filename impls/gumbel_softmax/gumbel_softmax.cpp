// gumbel_softmax, the relaxation of a categorical draw: the softmax of (logits + noise)/τ. The noise is an input;
// randomness belongs to the caller.
//
// Source: Jang, Gu & Poole, "Categorical reparameterization with Gumbel-softmax", ICLR 2017, (2); Maddison, Mnih & Teh,
// "The Concrete distribution", ICLR 2017.
// Algorithm: s = x + noise, written into y; the shifted softmax of s/τ in place.
// Bound: bounds.md, "Gumbel softmax": the rounding of x_j + noise_j comes on top of the shifted softmax.
#include "impls/bounds.hpp"
#include "impls/shifted.hpp"

namespace audit::impls {
namespace {

template <class T>
struct GumbelSoftmax {
  void operator()(const RowView<T>& row) const {
    for (std::size_t j = 0; j < row.n; ++j) row.y[j] = row.x[j] + row.operand[j];
    write_shifted_softmax({row.y.first, row.y.step}, row.y, row.n, row.temperature);
  }
};

}  // namespace

Implementation IMPLEMENTATION() {
  const Claim claim{
      .bound =
          "relative n + 4 + t_j + 2Ḡ + abs(s_j) + max abs(s), s = (x + noise)/τ (τ ≠ 1: 2t_j, 3Ḡ), and 1.5 "
          "subnormals",
      .source = "impls/bounds.md, Gumbel softmax",
      .domain = {"as stable, for x + noise", spread_fits},
      .bounds = noisy_softmax,
      .promises = strided | in_place | thread_safe | batch_invariant | deterministic | subnormals,
  };
  return {
      .map = Map::gumbel_softmax,
      .formats = rowwise_formats(),
      .source = "Jang, Gu & Poole 2017, (2)",
      .version = SUITE_VERSION,
      .prepare = [](const Format& format, const Shape&) { return rowwise<Map::gumbel_softmax, GumbelSoftmax>(format); },
      .claim = rounded_once(under_options(claim, IMPLEMENTATION_OPTIONS)),
  };
}

}  // namespace audit::impls
