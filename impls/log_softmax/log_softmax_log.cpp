// log_softmax with the maximum subtracted first, and the logarithm of the whole sum.
//
// Source: the formula; PyTorch's log_softmax on a CPU is of this form.
// Algorithm: a = max x; (x_j - a)/τ - log(Σ exp((x_i - a)/τ)).
// Bound: bounds.md, "Shifted log_softmax": absolute, and free of the offset; but near 0 no digit is left, as the sum
// rounds to 1 where the other terms are below u.
#include "impls/bounds.hpp"
#include "impls/shifted.hpp"

namespace audit::impls {
namespace {

template <class T>
struct LogSoftmax {
  void operator()(const RowView<T>& row) const { write_shifted_logarithms(row, log_whole_sum_shifted<T>); }
};

}  // namespace

Implementation IMPLEMENTATION() {
  const Claim claim{
      .bound = "absolute t_j + abs(y_j) + Ḡ + 2 log S + n - 1 + 2(1 - g_max) (τ ≠ 1: t_j and Ḡ twice)",
      .source = "impls/bounds.md, Shifted log_softmax",
      .domain = bounded_log_spread(),
      .bounds = log_of_sum_log_softmax,
      .promises = strided | in_place | thread_safe | batch_invariant | deterministic | shift_exact | subnormals,
  };
  return {
      .map = Map::log_softmax,
      .formats = rowwise_formats(),
      .source = "Blanchard, Higham & Higham 2021, section 4, with log in place of log1p",
      .version = SUITE_VERSION,
      .prepare = [](const Format& format, const Shape&) { return rowwise<Map::log_softmax, LogSoftmax>(format); },
      .claim = rounded_once(under_options(claim, IMPLEMENTATION_OPTIONS)),
  };
}

}  // namespace audit::impls
