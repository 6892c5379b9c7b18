// The softmax of the formula: no maximum is subtracted. More accurate than the shifted one while nothing over- or
// underflows, and useless when something does.
//
// Source: Blanchard, Higham & Higham 2021, section 3.
// Algorithm: two passes: e_j = exp(x_j/τ) and their recursive sum; e_j / sum.
// Bound: bounds.md, "Unshifted softmax": n + 4 whatever the spread; with τ ≠ 1 the rounding of x_j/τ grows with a
// common offset.
#include <cmath>

#include "impls/bounds.hpp"
#include "impls/rows.hpp"

namespace audit::impls {
namespace {

template <class T>
struct Naive {
  void operator()(const RowView<T>& row) const {
    T sum = 0;
    for (std::size_t j = 0; j < row.n; ++j) {
      const T e = std::exp(row.x[j] / row.temperature);
      row.y[j] = e;
      sum += e;
    }
    for (std::size_t j = 0; j < row.n; ++j) row.y[j] /= sum;
  }
};

}  // namespace

Implementation IMPLEMENTATION() {
  const Claim claim{
      .bound = "relative n + 4 (τ ≠ 1: and abs(x_j/τ) + Σ g_i abs(x_i/τ)), and 0.5 subnormals",
      .source = "impls/bounds.md, Unshifted softmax; Blanchard, Higham & Higham 2021, Thm 3.3",
      .domain = {"every exponential of an unmasked entry normal and their sum finite, with a factor of e to spare",
                 exponentials_fit},
      .bounds = unshifted_softmax,
      .promises = strided | in_place | thread_safe | batch_invariant | deterministic,
  };
  return {
      .map = Map::softmax,
      .formats = rowwise_formats(),
      .source = "Blanchard, Higham & Higham 2021, section 3",
      .version = SUITE_VERSION,
      .prepare = [](const Format& format, const Shape&) { return rowwise<Map::softmax, Naive>(format); },
      .claim = rounded_once(under_options(claim, IMPLEMENTATION_OPTIONS)),
  };
}

}  // namespace audit::impls
