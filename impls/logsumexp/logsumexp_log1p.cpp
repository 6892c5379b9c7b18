// logsumexp with the maximum subtracted and its own term kept out of the logarithm.
//
// Source: Blanchard, Higham & Higham 2021, section 4.
// Algorithm: a = max x; a + log1p(Σ others exp(x_i - a)). An infinite maximum is the answer itself.
// Bound: bounds.md, "Shifted logsumexp": absolute.
#include "impls/bounds.hpp"
#include "impls/shifted.hpp"

namespace audit::impls {
namespace {

template <class T>
struct Logsumexp {
  void operator()(const RowView<T>& row) const { write_shifted_logsumexp(row, log_sum_shifted<T>); }
};

}  // namespace

Implementation IMPLEMENTATION() {
  const Claim claim{
      .bound = "absolute abs(y) + Ḡ + 2 log S + n(1 - g_max), and 2n subnormals",
      .source = "impls/bounds.md, Shifted logsumexp; after Blanchard, Higham & Higham 2021, Thm 4.2",
      .bounds = shifted_logsumexp,
      .all_masked = AllMasked::zero,
      .promises = strided | in_place | thread_safe | batch_invariant | deterministic | subnormals,
  };
  return {
      .map = Map::logsumexp,
      .formats = rowwise_formats(),
      .source = "Blanchard, Higham & Higham 2021, section 4",
      .version = SUITE_VERSION,
      .prepare = [](const Format& format, const Shape&) { return rowwise<Map::logsumexp, Logsumexp>(format); },
      .claim = rounded_once(under_options(claim, IMPLEMENTATION_OPTIONS)),
  };
}

}  // namespace audit::impls
