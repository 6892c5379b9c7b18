// entmax of order 1.5, max(x_j/2 - tau, 0)² of the sum 1, by bisection: nothing is sorted.
//
// Source: Blondel, Martins & Niculae, "Learning classifiers with Fenchel-Young losses", AISTATS 2019, Algorithm 1, as
// in deep-spin/entmax, entmax_bisect.
// Algorithm: v = x - max; 2 tau lies in [-2, 0], where Σ max(v_i - 2 tau, 0)² = 4. The interval is halved as often as
// the arithmetic has bits: every end of it is a number of the format, and the last one two roundings of a 1 wide. The
// squares at its lower end are divided by their sum. Bound: bounds.md, "Entmax by bisection".
#include <cmath>
#include <limits>
#include <vector>

#include "impls/bounds.hpp"
#include "impls/rows.hpp"

namespace audit::impls {
namespace {

/// Σ (v_i - threshold)² of those above it.
template <class T>
T squares_above(const std::vector<T>& v, T threshold) {
  T sum = 0;
  for (const T entry : v) {
    const T above = entry - threshold;
    if (above > 0) sum += above * above;
  }
  return sum;
}

template <class T>
T threshold_by_bisection(const std::vector<T>& v) {
  T low = -2, width = 2;
  for (int halving = 0; halving < std::numeric_limits<T>::digits; ++halving) {
    width /= 2;
    if (squares_above(v, low + width) >= 4) low += width;
  }
  return low;
}

template <class T>
struct Entmax15 {
  std::vector<T> candidates;

  void operator()(const RowView<T>& row) {
    const T a = row.x[argmax(row.x, row.n)];
    T threshold = std::numeric_limits<T>::quiet_NaN();
    if (std::isfinite(a)) {
      candidates.clear();
      for (std::size_t j = 0; j < row.n; ++j)
        if (row.x[j] - a > -2) candidates.push_back(row.x[j] - a);
      threshold = threshold_by_bisection(candidates);
    }
    const T sum = squares_above(candidates, threshold);
    for (std::size_t j = 0; j < row.n; ++j) {
      const T above = (row.x[j] - a) - threshold;
      row.y[j] = above <= 0 ? 0 : above * above / sum;
    }
  }
};

}  // namespace

Implementation IMPLEMENTATION() {
  const Claim claim{
      .bound =
          "relative k + 6 + Σ w t/2, and absolute w_j t_j/2 + abs(w_j - y_j Σ w)/2 · (2 + (2 (k + 2) + Σ w t)/Σ w): "
          "w_j = "
          "x_j - 2 tau, k of them in the support; 0 outside of it",
      .source = "impls/bounds.md, Entmax by bisection; after Blondel, Martins & Niculae 2019",
      .bounds = bisected_entmax15,
      .promises = strided | in_place | thread_safe | batch_invariant | deterministic | shift_exact,
  };
  return {
      .map = Map::entmax15,
      .formats = rowwise_formats(),
      .source = "Blondel, Martins & Niculae 2019, Algorithm 1",
      .version = SUITE_VERSION,
      .prepare = [](const Format& format, const Shape&) { return rowwise<Map::entmax15, Entmax15>(format); },
      .claim = rounded_once(under_options(claim, IMPLEMENTATION_OPTIONS)),
  };
}

}  // namespace audit::impls
