// log_softmax as it is often written: the logarithm of a softmax.
//
// Source: the composition; the softmax is that of Blanchard, Higham & Higham 2021, section 4.
// Algorithm: the three passes of the shifted softmax, then log of each component: -inf where that underflows.
// Bound: bounds.md, "Logarithm of the softmax": the softmax's relative error becomes an absolute one, so that nothing
// is left of a log_softmax near 0.
#include <cmath>

#include "impls/bounds.hpp"
#include "impls/shifted.hpp"

namespace audit::impls {
namespace {

template <class T>
struct LogOfSoftmax {
  void operator()(const RowView<T>& row) const {
    write_shifted_softmax(row.x, row.y, row.n, row.temperature);
    for (std::size_t j = 0; j < row.n; ++j) row.y[j] = std::log(row.y[j]);
  }
};

}  // namespace

Implementation IMPLEMENTATION() {
  const Claim claim{
      .bound = "absolute n + 4 + t_j + Ḡ (τ ≠ 1: t_j and Ḡ twice) + 2 abs(y_j)",
      .source = "impls/bounds.md, Logarithm of the softmax",
      .domain = {"every unmasked component of the softmax normal, with a factor of e to spare", components_fit},
      .bounds = log_of_shifted_softmax,
      .promises = strided | in_place | thread_safe | batch_invariant | deterministic | shift_exact,
  };
  return {
      .map = Map::log_softmax,
      .formats = rowwise_formats(),
      .source = "log after Blanchard, Higham & Higham 2021, section 4",
      .version = SUITE_VERSION,
      .prepare = [](const Format& format, const Shape&) { return rowwise<Map::log_softmax, LogOfSoftmax>(format); },
      .claim = rounded_once(under_options(claim, IMPLEMENTATION_OPTIONS)),
  };
}

}  // namespace audit::impls
