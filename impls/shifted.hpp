#pragma once

#include <cmath>
#include <cstddef>

#include "impls/rows.hpp"

// What the algorithms that subtract the maximum first have in common. Static, as rows.hpp says.

namespace audit::impls {

/// y_j = exp((x_j - a)/τ), a the maximum; gives their recursive sum. y may be x.
template <class T>
static T write_shifted_exponentials(const Strided<const T>& x, const Strided<T>& y, std::size_t n, T temperature) {
  const T a = x[argmax(x, n)];
  T sum = 0;
  for (std::size_t j = 0; j < n; ++j) {
    const T e = std::exp((x[j] - a) / temperature);
    y[j] = e;
    sum += e;
  }
  return sum;
}

template <class T>
static void divide_by(T sum, const Strided<T>& y, std::size_t n) {
  for (std::size_t j = 0; j < n; ++j) y[j] /= sum;
}

/// y_j = e_j / Σ e_i with e_j = exp((x_j - a)/τ): three passes. y may be x.
template <class T>
static void write_shifted_softmax(const Strided<const T>& x, const Strided<T>& y, std::size_t n, T temperature) {
  divide_by(write_shifted_exponentials(x, y, n, temperature), y, n);
}

/// log Σ exp((x_i - a)/τ) as log1p of the sum without the maximum's own term, which is 1: no digit is lost where the
/// others are small.
template <class T>
static T log_sum_shifted(const Strided<const T>& x, std::size_t n, std::size_t maximum, T temperature) {
  T others = 0;
  for (std::size_t i = 0; i < n; ++i)
    if (i != maximum) others += std::exp((x[i] - x[maximum]) / temperature);
  return std::log1p(others);
}

/// The same as the logarithm of the whole sum, which is 1 where the others are below u.
template <class T>
static T log_whole_sum_shifted(const Strided<const T>& x, std::size_t n, std::size_t maximum, T temperature) {
  T sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += std::exp((x[i] - x[maximum]) / temperature);
  return std::log(sum);
}

/// log_softmax as (x_j - a)/τ - log Σ exp((x_i - a)/τ), by one of the two logarithms above; a the maximum. y may be x.
template <class T, class LogSum>
static void write_shifted_logarithms(const RowView<T>& row, LogSum log_sum_of) {
  const std::size_t maximum = argmax(row.x, row.n);
  const T a = row.x[maximum];
  const T log_sum = log_sum_of(row.x, row.n, maximum, row.temperature);
  for (std::size_t j = 0; j < row.n; ++j) row.y[j] = (row.x[j] - a) / row.temperature - log_sum;
}

/// logsumexp as a + log Σ exp(x_i - a), by one of the two. An infinite maximum is the answer itself.
template <class T, class LogSum>
static void write_shifted_logsumexp(const RowView<T>& row, LogSum log_sum_of) {
  const std::size_t maximum = argmax(row.x, row.n);
  const T a = row.x[maximum];
  row.y[0] = std::isinf(a) ? a : a + log_sum_of(row.x, row.n, maximum, T{1});
}

/// τ log Σ exp(x_i/τ), with log1p.
template <class T>
static T logsumexp_shifted(const Strided<const T>& x, std::size_t n, T temperature) {
  const std::size_t maximum = argmax(x, n);
  return x[maximum] + temperature * log_sum_shifted(x, n, maximum, temperature);
}

}  // namespace audit::impls
