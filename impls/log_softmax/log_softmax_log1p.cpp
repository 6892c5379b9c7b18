// log_softmax with the maximum subtracted first and the maximum's own term kept out of the logarithm.
//
// Source: Blanchard, Higham & Higham 2021, section 4.
// Algorithm: a = max x; s = Σ others exp((x_i - a)/τ); (x_j - a)/τ - log1p(s). Never x_j - (a + log1p(s)), which loses
// what a common offset has in digits.
// Bound: bounds.md, "Shifted log_softmax": absolute, and free of the offset.
#include "impls/bounds.hpp"
#include "impls/shifted.hpp"

namespace audit::impls {
namespace {

template <class T>
struct LogSoftmax {
  void operator()(const RowView<T>& row) const { write_shifted_logarithms(row, log_sum_shifted<T>); }
};

}  // namespace

Implementation IMPLEMENTATION() {
  const Claim claim{
      .bound = "absolute t_j + abs(y_j) + Ḡ + 2 log S + n(1 - g_max) (τ ≠ 1: t_j and Ḡ twice), and 2n subnormals",
      .source = "impls/bounds.md, Shifted log_softmax; after Blanchard, Higham & Higham 2021, Thm 4.2",
      .domain = bounded_log_spread(),
      .bounds = shifted_log_softmax,
      .promises = strided | in_place | thread_safe | batch_invariant | deterministic | shift_exact | subnormals,
  };
  return {
      .map = Map::log_softmax,
      .formats = rowwise_formats(),
      .source = "Blanchard, Higham & Higham 2021, section 4",
      .version = SUITE_VERSION,
      .prepare = [](const Format& format, const Shape&) { return rowwise<Map::log_softmax, LogSoftmax>(format); },
      .claim = rounded_once(under_options(claim, IMPLEMENTATION_OPTIONS)),
  };
}

}  // namespace audit::impls
