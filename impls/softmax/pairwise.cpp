// The shifted softmax with its sum taken pairwise: halves are summed by themselves, and added.
//
// Source: Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed. (2002), section 4.1; NumPy's sum is of this
// form.
// Algorithm: as stable, but for the sum of the exponentials.
// Bound: bounds.md, "Other sums": log2 n where stable has n - 1.
#include "impls/bounds.hpp"
#include "impls/shifted.hpp"

namespace audit::impls {
namespace {

template <class T>
T pairwise_sum(const Strided<T>& v, std::size_t first, std::size_t n) {
  if (n == 1) return v[first];
  return pairwise_sum(v, first, n / 2) + pairwise_sum(v, first + n / 2, n - n / 2);
}

template <class T>
struct Pairwise {
  void operator()(const RowView<T>& row) const {
    write_shifted_exponentials(row.x, row.y, row.n, row.temperature);
    divide_by(pairwise_sum(row.y, 0, row.n), row.y, row.n);
  }
};

}  // namespace

Implementation IMPLEMENTATION() {
  const Claim claim{
      .bound = "relative ⌈log2 n⌉ + 5 + t_j + Ḡ (τ ≠ 1: t_j and Ḡ twice), and 1.5 subnormals",
      .source = "impls/bounds.md, Other sums",
      .domain = bounded_spread(),
      .bounds = pairwise_softmax,
      .promises = strided | in_place | thread_safe | batch_invariant | deterministic | shift_exact | subnormals,
  };
  return {
      .map = Map::softmax,
      .formats = rowwise_formats(),
      .source = "Blanchard, Higham & Higham 2021, section 4; Higham 2002, section 4.1",
      .version = SUITE_VERSION,
      .prepare = [](const Format& format, const Shape&) { return rowwise<Map::softmax, Pairwise>(format); },
      .claim = rounded_once(under_options(claim, IMPLEMENTATION_OPTIONS)),
  };
}

}  // namespace audit::impls
