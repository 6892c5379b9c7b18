#pragma once

#include <cmath>
#include <limits>
#include <vector>

#include "impls/rows.hpp"

// What the ways to the threshold of sparsemax have in common. Static, as rows.hpp says.

namespace audit::impls {

/// y_j = max(z_j - tau, 0), z = x - max and tau what `threshold` makes of a vector of them, which it may spoil; NaN
/// where the maximum is not finite. `shifted` is room for that vector: a row function is made once for all rows of a
/// call.
template <class T, class ThresholdOf>
static void write_sparsemax(const RowView<T>& row, std::vector<T>& shifted, ThresholdOf threshold) {
  const T a = row.x[argmax(row.x, row.n)];
  T tau = std::numeric_limits<T>::quiet_NaN();
  if (std::isfinite(a)) {
    shifted.clear();
    for (std::size_t j = 0; j < row.n; ++j) shifted.push_back(row.x[j] - a);
    tau = threshold(shifted);
  }
  for (std::size_t j = 0; j < row.n; ++j) {
    const T above = (row.x[j] - a) - tau;
    row.y[j] = above <= 0 ? 0 : above;
  }
}

}  // namespace audit::impls
