#pragma once

#include <cstddef>
#include <limits>

#include "impls/contract.hpp"

// A VARIANT compiles the same kernel under other flags (-ffast-math), so whatever here holds floating-point arithmetic
// must not be shared between translation units: it is static. An anonymous template as template argument is not enough:
// GCC 12 still emits a weak symbol, the same one for both variants, and the linker keeps either.

namespace audit::impls {

/// What a kernel returns for a call that it does not support.
inline constexpr int unsupported = 1;

/// Elements a fixed step apart: a row of a tensor, along any axis.
template <class T>
struct Strided {
  T* first = nullptr;
  std::ptrdiff_t step = 1;

  T& operator[](std::size_t i) const { return first[static_cast<std::ptrdiff_t>(i) * step]; }
};

/// One row of a call, n ≥ 1. y may be x itself: a row function reads x[j] for the last time no later than it writes
/// y[j].
template <class T>
struct RowView {
  std::size_t n;
  Strided<const T> x;
  Strided<const T> operand;  ///< null where the call has none
  Strided<T> y;              ///< one element only, for a map that gives one number a row
  T temperature;
};

/// Where a row has its first NaN; without one, its first maximum.
template <class T>
[[nodiscard]] static std::size_t argmax(const Strided<const T>& x, std::size_t n) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < n && x[best] == x[best]; ++i)
    if (x[i] > x[best] || x[i] != x[i]) best = i;
  return best;
}

/// Runs a typed row function over every row of a call. It is made anew for each call: its members are scratch.
template <class T, template <class> class RowFunction>
static int over_rows(const Call& call) {
  if (call.shape.n == 0) return 0;
  const T temperature = static_cast<T>(call.temperature);
  if (!(temperature > 0 && temperature <= std::numeric_limits<T>::max())) return unsupported;
  const auto at = [](auto* array, const Strides& stride, std::size_t outer, std::size_t inner) {
    if (array)
      array += static_cast<std::ptrdiff_t>(outer) * stride.outer + static_cast<std::ptrdiff_t>(inner) * stride.inner;
    return Strided<std::remove_pointer_t<decltype(array)>>{array, stride.n};
  };
  RowFunction<T> row_function;
  for (std::size_t o = 0; o < call.shape.outer; ++o)
    for (std::size_t i = 0; i < call.shape.inner; ++i)
      row_function(RowView<T>{call.shape.n, at(static_cast<const T*>(call.x), call.x_stride, o, i),
                              at(static_cast<const T*>(call.operand), call.x_stride, o, i),
                              at(static_cast<T*>(call.y), call.y_stride, o, i), temperature});
  return 0;
}

/// The kernel of a row function, in f64 and f32; in any other format one that supports nothing.
template <template <class> class RowFunction>
static Kernel rowwise(const Format& format) {
  if (format == f64) return over_rows<double, RowFunction>;
  if (format == f32) return over_rows<float, RowFunction>;
  return [](const Call&) { return unsupported; };
}

}  // namespace audit::impls
