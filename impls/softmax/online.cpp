// The softmax of fused kernels: maximum and sum in a single pass, the sum rescaled whenever the maximum changes.
//
// Source: Milakov & Gimelshein, "Online normalizer calculation for softmax", arXiv:1805.02867 (2018), Algorithm 3.
// Algorithm: m and d = Σ exp((x_i - m)/τ) over what was seen; on a new maximum d is multiplied by exp((m_old - m)/τ); a
// second pass gives exp((x_j - m)/τ) / d. Masked entries are passed over, so that a masked prefix is no -inf - -inf.
// Bound: bounds.md, "Online softmax": every change of the maximum costs one exp and one product, J of them.
#include <cmath>
#include <limits>

#include "impls/bounds.hpp"
#include "impls/rows.hpp"

namespace audit::impls {
namespace {

template <class T>
struct Online {
  static constexpr T masked = -std::numeric_limits<T>::infinity();

  void operator()(const RowView<T>& row) const {
    T m = masked, d = 0;
    for (std::size_t i = 0; i < row.n; ++i) {
      const T x = row.x[i];
      if (x > m) {
        d = d * std::exp((m - x) / row.temperature) + 1;
        m = x;
      } else if (x != masked) {
        d += std::exp((x - m) / row.temperature);
      }
    }
    for (std::size_t j = 0; j < row.n; ++j) row.y[j] = std::exp((row.x[j] - m) / row.temperature) / d;
  }
};

}  // namespace

Implementation IMPLEMENTATION() {
  const Claim claim{
      .bound = "relative n + 4 + 3J + t_j + Ḡ (τ ≠ 1: t_j and Ḡ twice), and 1.5 subnormals",
      .source = "impls/bounds.md, Online softmax; the algorithm of Milakov & Gimelshein 2018",
      .domain = bounded_spread(),
      .bounds = online_softmax,
      .promises = strided | in_place | thread_safe | batch_invariant | deterministic | shift_exact | subnormals,
  };
  return {
      .map = Map::softmax,
      .formats = rowwise_formats(),
      .source = "Milakov & Gimelshein 2018, Algorithm 3",
      .version = SUITE_VERSION,
      .prepare = [](const Format& format, const Shape&) { return rowwise<Map::softmax, Online>(format); },
      .claim = rounded_once(under_options(claim, IMPLEMENTATION_OPTIONS)),
  };
}

}  // namespace audit::impls
