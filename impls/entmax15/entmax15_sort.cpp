// entmax of order 1.5, max(x_j/2 - tau, 0)² of the sum 1, by sorting the logits.
//
// Source: Peters, Niculae & Martins, "Sparse sequence-to-sequence models", ACL 2019, Algorithm 2, whose threshold is
// the mean of the support less a root of its variance. Where the entries of the support are far apart that variance
// cancels; here it is written in distances to the smallest entry, where nothing does. Algorithm: x sorted downwards. Of
// the k largest, A = Σ (x_i - x_k) and B = Σ (x_i - x_k)² grow with k by terms that are not negative, and x_k is in the
// support while B < 4. Below the last one the threshold is s = (4 - B)/(A + sqrt(A² + k(4 - B))), the root of Σ (x_i -
// x_k + s)² = 4; y_j = ((x_j - x_k + s)/2)². Bound: bounds.md, "Entmax by sort".
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "impls/bounds.hpp"
#include "impls/rows.hpp"

namespace audit::impls {
namespace {

template <class T>
struct Support {
  T smallest;  ///< logit in it
  T distance;  ///< of that to the threshold
};

template <class T>
Support<T> support_by_sort(std::vector<T>& x) {
  std::ranges::sort(x, std::greater{});
  T sum = 0, squares = 0;
  std::size_t k = 1;
  for (; k < x.size(); ++k) {
    const T step = x[k - 1] - x[k], wider_sum = sum + static_cast<T>(k) * step;
    const T wider_squares = squares + step * (sum + wider_sum);
    if (!(wider_squares < 4)) break;
    sum = wider_sum;
    squares = wider_squares;
  }
  const T left = 4 - squares;
  return {x[k - 1], left / (sum + std::sqrt(sum * sum + static_cast<T>(k) * left))};
}

template <class T>
struct Entmax15 {
  std::vector<T> sorted;

  void operator()(const RowView<T>& row) {
    constexpr T nan = std::numeric_limits<T>::quiet_NaN();
    Support<T> support{0, nan};
    if (std::isfinite(row.x[argmax(row.x, row.n)])) {
      sorted.clear();
      for (std::size_t j = 0; j < row.n; ++j) sorted.push_back(row.x[j]);
      support = support_by_sort(sorted);
    }
    for (std::size_t j = 0; j < row.n; ++j) {
      const T root = ((row.x[j] - support.smallest) + support.distance) / 2;
      row.y[j] = root <= 0 ? 0 : root * root;
    }
  }
};

}  // namespace

Implementation IMPLEMENTATION() {
  const Claim claim{
      .bound =
          "relative 3 + 2 (1 - s/w_j), and absolute w_j/2 · ((k + 3)(4 - k s²)/(2 Σ w) + 5 s): w_j = x_j - 2 tau, s "
          "the "
          "smallest of the k in the support; 0 outside of it",
      .source = "impls/bounds.md, Entmax by sort; after Peters, Niculae & Martins 2019",
      .bounds = sorted_entmax15,
      .promises = strided | in_place | thread_safe | batch_invariant | deterministic | shift_exact,
  };
  return {
      .map = Map::entmax15,
      .formats = rowwise_formats(),
      .source = "Peters, Niculae & Martins 2019, Algorithm 2",
      .version = SUITE_VERSION,
      .prepare = [](const Format& format, const Shape&) { return rowwise<Map::entmax15, Entmax15>(format); },
      .claim = rounded_once(under_options(claim, IMPLEMENTATION_OPTIONS)),
  };
}

}  // namespace audit::impls
