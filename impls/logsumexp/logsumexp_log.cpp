// logsumexp with the maximum subtracted, and the logarithm of the whole sum.
//
// Source: Blanchard, Higham & Higham 2021, section 4; SciPy's logsumexp was of this form before 1.15.
// Algorithm: a = max x; a + log(Σ exp(x_i - a)). An infinite maximum is the answer itself.
// Bound: bounds.md, "Shifted logsumexp": absolute; where a is near 0, terms below u are lost.
#include "impls/bounds.hpp"
#include "impls/shifted.hpp"

namespace audit::impls {
namespace {

template <class T>
struct Logsumexp {
  void operator()(const RowView<T>& row) const { write_shifted_logsumexp(row, log_whole_sum_shifted<T>); }
};

}  // namespace

Implementation IMPLEMENTATION() {
  const Claim claim{
      .bound = "absolute abs(y) + Ḡ + 2 log S + n - 1 + 2(1 - g_max)",
      .source = "impls/bounds.md, Shifted logsumexp",
      .bounds = log_of_sum_logsumexp,
      .all_masked = AllMasked::zero,
      .promises = strided | in_place | thread_safe | batch_invariant | deterministic | subnormals,
  };
  return {
      .map = Map::logsumexp,
      .formats = rowwise_formats(),
      .source = "Blanchard, Higham & Higham 2021, section 4, with log in place of log1p",
      .version = SUITE_VERSION,
      .prepare = [](const Format& format, const Shape&) { return rowwise<Map::logsumexp, Logsumexp>(format); },
      .claim = rounded_once(under_options(claim, IMPLEMENTATION_OPTIONS)),
  };
}

}  // namespace audit::impls
