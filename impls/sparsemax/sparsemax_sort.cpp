// sparsemax, the Euclidean projection of the logits onto the simplex, by sorting them.
//
// Source: Martins & Astudillo, "From softmax to sparsemax", ICML 2016, Algorithm 1; the projection is that of Held,
// Wolfe & Crowder 1974.
// Algorithm: z = x - max, sorted downwards; the support is the longest prefix with 1 + k z_k > z_1 + … + z_k, and the
// threshold tau = (z_1 + … + z_k - 1)/k; max(z_j - tau, 0).
// Bound: bounds.md, "Sparsemax by sort": absolute, and free of a common offset because the maximum goes first.
#include <vector>

#include "impls/bounds.hpp"
#include "impls/sparsemax/above_threshold.hpp"

namespace audit::impls {
namespace {

template <class T>
struct Sparsemax {
  std::vector<T> shifted;

  void operator()(const RowView<T>& row) { write_sparsemax(row, shifted, threshold_by_sort<T>); }
};

}  // namespace

Implementation IMPLEMENTATION() {
  const Claim claim{
      .bound =
          "relative 1, and absolute 1 + (k + 1)·abs(tau), k the entries that rounding may put into the support "
          "(one of them near its edge: 2k + 3 + log k); 0 outside",
      .source = "impls/bounds.md, Sparsemax by sort; the algorithm of Martins & Astudillo 2016",
      .bounds = sorted_sparsemax,
      .promises = strided | in_place | thread_safe | batch_invariant | deterministic | shift_exact,
  };
  return {
      .map = Map::sparsemax,
      .formats = rowwise_formats(),
      .source = "Martins & Astudillo 2016, Algorithm 1",
      .version = SUITE_VERSION,
      .prepare = [](const Format& format, const Shape&) { return rowwise<Map::sparsemax, Sparsemax>(format); },
      .claim = rounded_once(under_options(claim, IMPLEMENTATION_OPTIONS)),
  };
}

}  // namespace audit::impls
