#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "impls/contract.hpp"
#include "impls/narrow.hpp"

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
  std::size_t n = 0;
  Strided<const T> x{};        ///< one entry fewer, for a map that takes a tree
  Strided<const T> operand{};  ///< null where the call has none
  Strided<T> y{};              ///< one element only, for a map that gives one number a row
  T temperature = 1;
  std::int64_t target = 0;             ///< of a map that takes one
  const std::int32_t* tree = nullptr;  ///< 2(n - 1) children; null: heap order
};

/// A row of a narrow format as floats, and room for its result.
template <Map map>
struct Widened {
  std::vector<float> x, operand, y;

  explicit Widened(std::size_t n)
      : x(n - (traits(map).takes_tree ? 1 : 0)), operand(traits(map).takes_operand ? n : 0), y(outputs(map, n)) {}

  /// The row that holds this in place of its own elements.
  RowView<float> view(RowView<float> row) {
    row.x = {x.data()};
    row.operand = {operand.data()};
    row.y = {y.data()};
    return row;
  }
};

template <std::size_t at>
static void widen_row(const Strided<const Stored<at>>& from, std::vector<float>& to) {
  for (std::size_t j = 0; j < to.size(); ++j) to[j] = widen<at>(from[j]);
}

template <std::size_t at>
static void narrow_row(const std::vector<float>& from, const Strided<Stored<at>>& to) {
  for (std::size_t j = 0; j < from.size(); ++j) to[j] = narrow<at>(from[j]);
}

/// Where a row has its first NaN; without one, its first maximum.
template <class T>
[[nodiscard]] static std::size_t argmax(const Strided<const T>& x, std::size_t n) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < n && x[best] == x[best]; ++i)
    if (x[i] > x[best] || x[i] != x[i]) best = i;
  return best;
}

/// Runs a row function over every row of a call; it is made anew for each call: its members are scratch. f64 and f32
/// are computed in themselves, where they lie. Narrower formats are computed in f32: a row is widened, which is exact,
/// and the result rounded once.
template <std::size_t at, Map map, template <class> class RowFunction>
static int over_rows(const Call& call) {
  using S = Stored<at>;
  using T = std::conditional_t<std::is_floating_point_v<S>, S, float>;
  const std::size_t n = call.shape.n;
  if (n == 0) return 0;
  const T temperature = static_cast<T>(call.temperature);
  if (!(temperature > 0 && temperature <= std::numeric_limits<T>::max())) return unsupported;
  if ((traits(map).takes_operand && !call.operand) || (traits(map).takes_target && !call.target)) return unsupported;
  const auto row_of = [](auto* array, const Strides& stride, std::size_t outer, std::size_t inner) {
    if (array)
      array += static_cast<std::ptrdiff_t>(outer) * stride.outer + static_cast<std::ptrdiff_t>(inner) * stride.inner;
    return Strided<std::remove_pointer_t<decltype(array)>>{array, stride.n};
  };
  RowFunction<T> row_function;
  std::optional<Widened<map>> widened;
  if constexpr (!std::is_same_v<S, T>) widened.emplace(n);
  for (std::size_t o = 0; o < call.shape.outer; ++o) {
    for (std::size_t i = 0; i < call.shape.inner; ++i) {
      const auto x = row_of(static_cast<const S*>(call.x), call.x_stride, o, i);
      const auto operand = row_of(static_cast<const S*>(call.operand), call.x_stride, o, i);
      const auto y = row_of(static_cast<S*>(call.y), call.y_stride, o, i);
      RowView<T> row{.n = n, .temperature = temperature, .tree = call.tree};
      if (call.target) row.target = call.target[o * call.shape.inner + i];
      if constexpr (std::is_same_v<S, T>) {
        row.x = x;
        row.operand = operand;
        row.y = y;
        row_function(row);
      } else {
        widen_row<at>(x, widened->x);
        widen_row<at>(operand, widened->operand);
        row_function(widened->view(row));
        narrow_row<at>(widened->y, y);
      }
    }
  }
  return 0;
}

/// The kernel of a row function, in every format.
template <Map map, template <class> class RowFunction>
static Kernel rowwise(const Format& format) {
  Kernel kernel = [](const Call&) { return unsupported; };
  const auto offer = [&]<std::size_t... at>(std::index_sequence<at...>) {
    ((format == formats[at] ? void(kernel = over_rows<at, map, RowFunction>) : void()), ...);
  };
  offer(std::make_index_sequence<formats.size()>());
  return kernel;
}

/// The formats of a kernel made by rowwise.
inline std::vector<Format> rowwise_formats() { return {formats.begin(), formats.end()}; }

}  // namespace audit::impls
