// The shifted softmax with a compensated sum: the rounding of each addition is kept, and added at the end.
//
// Source: Ogita, Rump & Oishi, "Accurate sum and dot product", SIAM J. Sci. Comput. 26 (2005), Algorithm 4.4; the exact
// rounding of an addition is Knuth's, "The Art of Computer Programming" vol. 2, 4.2.2.
// Algorithm: as stable, but for the sum of the exponentials.
// Bound: bounds.md, "Other sums": one rounding where stable has n - 1.
#include "impls/bounds.hpp"
#include "impls/shifted.hpp"

namespace audit::impls {
namespace {

template <class T>
T compensated_sum(const Strided<T>& v, std::size_t n) {
  T sum = 0, lost = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const T added = sum + v[i], part = added - sum;
    lost += (sum - (added - part)) + (v[i] - part);
    sum = added;
  }
  return sum + lost;
}

template <class T>
struct Compensated {
  void operator()(const RowView<T>& row) const {
    write_shifted_exponentials(row.x, row.y, row.n, row.temperature);
    divide_by(compensated_sum(row.y, row.n), row.y, row.n);
  }
};

}  // namespace

Implementation IMPLEMENTATION() {
  const Claim claim{
      .bound = "relative 6 + n²u + t_j + Ḡ (τ ≠ 1: t_j and Ḡ twice), and 1.5 subnormals",
      .source = "impls/bounds.md, Other sums; Ogita, Rump & Oishi 2005, Proposition 4.5",
      .domain = bounded_spread(),
      .bounds = compensated_softmax,
      .promises = strided | in_place | thread_safe | batch_invariant | deterministic | shift_exact | subnormals,
  };
  return {
      .map = Map::softmax,
      .formats = rowwise_formats(),
      .source = "Blanchard, Higham & Higham 2021, section 4; Ogita, Rump & Oishi 2005, Algorithm 4.4",
      .version = SUITE_VERSION,
      .prepare = [](const Format& format, const Shape&) { return rowwise<Map::softmax, Compensated>(format); },
      .claim = rounded_once(under_options(claim, IMPLEMENTATION_OPTIONS)),
  };
}

}  // namespace audit::impls
