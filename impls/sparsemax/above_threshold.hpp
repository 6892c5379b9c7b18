#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "impls/rows.hpp"

// What the ways to the threshold of sparsemax have in common. Static, as rows.hpp says.

namespace audit::impls {

/// tau as `threshold` makes it of a vector of the z = x - a, a the maximum, which it may spoil; NaN where a is not
/// finite. `shifted` is room for that vector: a row function is made once for all rows of a call.
template <class T, class ThresholdOf>
static T sparsemax_threshold(const RowView<T>& row, T a, std::vector<T>& shifted, ThresholdOf threshold) {
  if (!std::isfinite(a)) return std::numeric_limits<T>::quiet_NaN();
  shifted.clear();
  for (std::size_t j = 0; j < row.n; ++j) shifted.push_back(row.x[j] - a);
  return threshold(shifted);
}

/// (z_1 + … + z_k - 1)/k, k the longest prefix of the z sorted downwards with 1 + k z_k > z_1 + … + z_k: the support.
template <class T>
static T threshold_by_sort(std::vector<T>& z) {
  std::ranges::sort(z, std::greater{});
  T sum = 0, support = 0;
  for (const T v : z) {
    if (!(1 + (support + 1) * v > sum + v)) break;
    sum += v;
    support += 1;
  }
  return (sum - 1) / support;
}

/// y_j = max(z_j - tau, 0).
template <class T, class ThresholdOf>
static void write_sparsemax(const RowView<T>& row, std::vector<T>& shifted, ThresholdOf threshold) {
  const T a = row.x[argmax(row.x, row.n)], tau = sparsemax_threshold(row, a, shifted, threshold);
  for (std::size_t j = 0; j < row.n; ++j) {
    const T above = (row.x[j] - a) - tau;
    row.y[j] = above <= 0 ? 0 : above;
  }
}

}  // namespace audit::impls
