// sparsemax in expected O(n): what cannot be in the support is dropped while the row is read, and nothing is sorted.
//
// Source: Condat, "Fast projection onto the simplex and the l1 ball", Mathematical Programming 158 (2016), Algorithm 1;
// its last loop is Michelot's, J. Optim. Theory Appl. 50 (1986).
// Algorithm: z = x - max. The threshold of the entries kept so far, at first of the maximum alone, drops every entry
// not above it, and rises with one that is. Then the threshold of those kept drops entries until none is left to drop.
// Begun at the maximum the first loop never has to start over, and the threshold is computed anew in each round of the
// second.
// Bound: bounds.md, "Sparsemax by dropping": as by sort, but for rows with entries about the threshold.
#include <algorithm>
#include <numeric>
#include <vector>

#include "impls/bounds.hpp"
#include "impls/sparsemax/above_threshold.hpp"

namespace audit::impls {
namespace {

/// Leaves in z the entries that may be above the threshold, the maximum 0 first.
template <class T>
void drop_while_reading(std::vector<T>& z) {
  std::iter_swap(z.begin(), std::ranges::find(z, T{0}));
  T rho = -1;
  std::size_t kept = 1;
  for (std::size_t i = 1; i < z.size(); ++i) {
    if (!(z[i] > rho)) continue;
    z[kept++] = z[i];
    rho += (z[i] - rho) / static_cast<T>(kept);
  }
  z.resize(kept);
}

template <class T>
T threshold_by_dropping(std::vector<T>& z) {
  drop_while_reading(z);
  while (true) {
    const T tau = (std::accumulate(z.begin(), z.end(), T{0}) - 1) / static_cast<T>(z.size());
    if (std::erase_if(z, [tau](T v) { return v <= tau; }) == 0) return tau;
  }
}

template <class T>
struct Sparsemax {
  std::vector<T> shifted;

  void operator()(const RowView<T>& row) { write_sparsemax(row, shifted, threshold_by_dropping<T>); }
};

}  // namespace

Implementation IMPLEMENTATION() {
  const Claim claim{
      .bound =
          "relative 1, and absolute 1 + (k + 1)·abs(tau), k the entries that rounding may put into the support (c of "
          "them near its edge, K within 1 of the maximum: and (K + 4)·c/(k - c)); 0 outside",
      .source = "impls/bounds.md, Sparsemax by dropping; the algorithm of Condat 2016",
      .bounds = filtered_sparsemax,
      .promises = strided | in_place | thread_safe | batch_invariant | deterministic | shift_exact,
  };
  return {
      .map = Map::sparsemax,
      .formats = rowwise_formats(),
      .source = "Condat 2016, Algorithm 1",
      .version = SUITE_VERSION,
      .prepare = [](const Format& format, const Shape&) { return rowwise<Map::sparsemax, Sparsemax>(format); },
      .claim = rounded_once(under_options(claim, IMPLEMENTATION_OPTIONS)),
  };
}

}  // namespace audit::impls
