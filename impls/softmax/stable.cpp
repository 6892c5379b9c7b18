// The softmax everyone means: subtract the maximum, exponentiate, divide by the sum.
//
// Source: Blanchard, Higham & Higham, "Accurately computing the log-sum-exp and softmax functions", IMA J. Numer. Anal.
// 41 (2021), section 4.
// Algorithm: three passes: a = max x; e_j = exp((x_j - a)/τ) and their recursive sum; e_j / sum.
// Bound: bounds.md, "Shifted softmax": the rounding of x_j - a is magnified by the exponential to t_j·u, so that the
// error of a row is set by its spread.
#include "impls/bounds.hpp"
#include "impls/shifted.hpp"

namespace audit::impls {
namespace {

template <class T>
struct Stable {
  void operator()(const RowView<T>& row) const { write_shifted_softmax(row.x, row.y, row.n, row.temperature); }
};

}  // namespace

Implementation IMPLEMENTATION() {
  const Claim claim{
      .bound = "relative n + 4 + t_j + Ḡ (τ ≠ 1: t_j and Ḡ twice), and 1.5 subnormals",
      .source = "impls/bounds.md, Shifted softmax; after Blanchard, Higham & Higham 2021, Thm 4.3",
      .domain = bounded_spread(),
      .bounds = shifted_softmax,
      .promises = strided | in_place | thread_safe | batch_invariant | deterministic | shift_exact | subnormals,
  };
  return {
      .map = Map::softmax,
      .formats = rowwise_formats(),
      .source = "Blanchard, Higham & Higham 2021, section 4",
      .version = SUITE_VERSION,
      .prepare = [](const Format& format, const Shape&) { return rowwise<Map::softmax, Stable>(format); },
      .claim = rounded_once(under_options(claim, IMPLEMENTATION_OPTIONS)),
  };
}

}  // namespace audit::impls
