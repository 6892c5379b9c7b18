#pragma once

#include <cstdint>
#include <span>

#include "impls/shifted.hpp"

// The cross entropy of class indices, row by row and as the mean of a batch. Static, as rows.hpp says.

namespace audit::impls {

/// log1p(Σ others exp(x_i - a)) + (a - x_target), a the maximum.
template <class T>
static T cross_entropy_shifted(const Strided<const T>& x, std::size_t n, std::size_t target) {
  const std::size_t maximum = argmax(x, n);
  return log_sum_shifted(x, n, maximum, T{1}) + (x[maximum] - x[target]);
}

/// The target of a row that a mean leaves out: the ignore_index of PyTorch's cross_entropy.
inline constexpr std::int64_t ignored_target = -100;

/// The mean cross entropy of rows of n logits, one after another, over those whose target is not ignored; NaN when
/// all are. Each target is ignored_target or a class index, 0 … n - 1. Bound: bounds.md, "Mean cross entropy".
template <class T>
[[maybe_unused]] static T mean_cross_entropy(std::span<const T> logits, std::size_t n,
                                             std::span<const std::int64_t> targets) {
  T sum = 0, counted = 0;
  for (std::size_t row = 0; row < targets.size(); ++row) {
    if (targets[row] == ignored_target) continue;
    sum += cross_entropy_shifted<T>({logits.data() + row * n}, n, static_cast<std::size_t>(targets[row]));
    counted += 1;
  }
  return sum / counted;
}

}  // namespace audit::impls
