#pragma once

#include <type_traits>

#include "properties/mutants/mutant.hpp"

// What mutants of entmax15 and of the gradient of sparsemax have in common; honest, as mutant.hpp.

namespace mutant {

/// (x - max)/divisor of every entry.
template <class T>
std::vector<T> shifted(std::span<const T> x, T divisor) {
  const T shift = top(x);
  std::vector<T> z;
  for (const T v : x) z.push_back((v - shift) / divisor);
  return z;
}

/// Σ max(z - tau, 0)².
template <class T>
T squares_above(std::type_identity_t<std::span<const T>> z, T tau) {
  T sum = 0;
  for (const T v : z)
    if (v > tau) sum += (v - tau) * (v - tau);
  return sum;
}

/// The root of Σ (z - tau)² = 1 over the k largest of z in descending order, k at least 1.
template <class T>
T entmax_threshold_of(const std::vector<T>& z, std::size_t k) {
  const T mean = std::accumulate(z.begin(), z.begin() + static_cast<std::ptrdiff_t>(k), T{0}) / static_cast<T>(k);
  T spread = 0;
  for (std::size_t i = 0; i < k; ++i) spread += (z[i] - mean) * (z[i] - mean);
  return mean - std::sqrt(std::max((1 - spread) / static_cast<T>(k), T{0}));
}

/// The size of the support of z in descending order: the entries with Σ (z_i - z_k)² < 1 over those above.
template <class T>
std::size_t entmax_support(const std::vector<T>& z) {
  std::size_t k = 1;
  while (k < z.size() && squares_above(std::span<const T>(z).first(k), z[k]) < 1) ++k;
  return k;
}

/// y_j = max(z_j - tau, 0)², NaN where the maximum is none.
template <class T>
void squares(const Row<T>& r, T tau) {
  const std::vector<T> z = shifted(r.x, T{2});
  const bool defined = std::isfinite(top(r.x));
  for (std::size_t j = 0; j < z.size(); ++j) {
    const T root = std::max(z[j] - tau, T{0});
    r.y[j] = defined ? root * root : std::numeric_limits<T>::quiet_NaN();
  }
}

template <class T>
std::vector<T> sorted_down(std::vector<T> z) {
  if (std::ranges::none_of(z, [](T v) { return std::isnan(v); })) std::ranges::sort(z, std::greater<>());
  return z;
}

/// The threshold of a sparsemax of z.
template <class T>
T sparsemax_threshold_of(const std::vector<T>& z) {
  T sum = 0, found = 0, k = 0;
  for (const T v : sorted_down(z)) {
    sum += v;
    if (1 + ++k * v <= sum) break;
    found = (sum - 1) / k;
  }
  return found;
}

/// The gradient of sparsemax: g less its mean on the support, `off` of it elsewhere.
template <class T, class Off>
void sparsemax_gradient(const Row<T>& r, T mean_over, Off off) {
  const std::vector<T> z = shifted(r.x, T{1});
  const T tau = sparsemax_threshold_of(z);
  T sum = 0, k = 0;
  for (std::size_t j = 0; j < z.size(); ++j)
    if (z[j] > tau) sum += r.operand[j], ++k;
  const T mean = sum / (mean_over > 0 ? mean_over : k);
  const bool defined = std::isfinite(top(r.x));
  for (std::size_t j = 0; j < z.size(); ++j) {
    const T on = r.operand[j] - mean;
    r.y[j] = defined ? (z[j] > tau ? on : off(on)) : std::numeric_limits<T>::quiet_NaN();
  }
}

}  // namespace mutant
