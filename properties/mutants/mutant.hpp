#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "impls/foreign/plugin.h"

// A mutant is a plugin that is wrong on purpose, one small file. It includes this, and says MUTANT(MAP, PROMISES, NAME)
// of a function template row(Row<T>) that answers one row, or MUTANT_CALL of one call(Call<T>) that answers all of
// them. The first lines of the file name the defect ("M03 max_init_zero: …"), the project that shipped it where one
// did, and after "Caught by:" the law that must catch it. Without the defect the helpers below are honest.

namespace mutant {

/// One row of a call. operand, target and tree as in plugin.h; x has an entry less than y where there is a tree.
template <class T>
struct Row {
  std::span<const T> x;
  std::span<T> y;
  std::span<const T> operand;
  double temperature;
  std::size_t target = 0;
  const std::int32_t* tree = nullptr;
};

/// All rows of a call, one after another.
template <class T>
struct Call {
  const softmax_audit_call& of;
  std::size_t rows, n;
  std::span<const T> x;
  std::span<T> y;

  [[nodiscard]] Row<T> row(std::size_t o) const {
    return {x.subspan(o * n, n), y.subspan(o * n, n), {}, of.temperature};
  }
};

/// The maximum; a NaN wins.
template <class T>
T top(std::span<const T> x, T start = -std::numeric_limits<T>::infinity()) {
  return std::accumulate(x.begin(), x.end(), start, [](T a, T b) { return a >= b ? a : std::isnan(a) ? a : b; });
}

/// e^v, as libm has it.
inline constexpr auto exact = [](auto v) { return std::exp(v); };

/// y_j = e^((x_j - shift) / temperature), and their sum.
template <class T, class Exp>
T exponentials(const Row<T>& row, T shift, Exp exp) {
  T sum = 0;
  for (std::size_t j = 0; j < row.x.size(); ++j)
    sum += row.y[j] = exp((row.x[j] - shift) / static_cast<T>(row.temperature));
  return sum;
}

template <class T, class Exp>
void divide(const Row<T>& row, T shift, Exp exp) {
  const T sum = exponentials(row, shift, exp);
  for (T& v : row.y) v /= sum;
}

template <class T>
void softmax(const Row<T>& row) {
  divide(row, top(row.x), exact);
}

/// The softmax by a sum in so many parts, each of every so manieth term.
template <class T>
void softmax_in_parts(const Row<T>& row, std::size_t parts) {
  exponentials(row, top(row.x), exact);
  T sum = 0;
  for (std::size_t k = 0; k < parts; ++k) {
    T part = 0;
    for (std::size_t j = k; j < row.y.size(); j += parts) part += row.y[j];
    sum += part;
  }
  for (T& v : row.y) v /= sum;
}

/// The sparsemax by sorting.
template <class T>
void sparsemax(const Row<T>& row) {
  const T shift = top(row.x);
  std::vector<T> z;
  for (const T v : row.x) z.push_back(v - shift);
  std::vector<T> sorted = z;
  std::ranges::sort(sorted, std::greater<>());
  T sum = 0, threshold = 0;
  for (std::size_t k = 0; k < z.size(); ++k) {
    sum += sorted[k];
    if (1 + static_cast<T>(k + 1) * sorted[k] <= sum) break;
    threshold = (sum - 1) / static_cast<T>(k + 1);
  }
  for (std::size_t j = 0; j < z.size(); ++j) row.y[j] = std::isnan(shift) ? shift : std::max(z[j] - threshold, T{0});
}

/// log Σ e^(x - shift).
template <class T>
T log_sum(std::span<const T> x, T shift) {
  T sum = 0;
  for (const T v : x) sum += std::exp(v - shift);
  return std::log(sum);
}

/// The masses of a row whose result is something else.
template <class T>
std::vector<T> masses(Row<T> row) {
  std::vector<T> y(row.x.size());
  row.y = y;
  softmax(row);
  return y;
}

template <class T>
T dot(std::span<const T> a, std::span<const T> b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), T{0});
}

/// The gradient of a softmax, of the upstream gradient g.
template <class T>
void softmax_gradient(const Row<T>& r, std::span<const T> g) {
  const std::vector<T> y = masses(r);
  const T mean = dot<T>(y, g);
  for (std::size_t j = 0; j < y.size(); ++j) r.y[j] = y[j] * (g[j] - mean) / static_cast<T>(r.temperature);
}

/// The values with 0 in place of NaN.
template <class T>
std::vector<T> nan_to_zero(std::span<const T> values) {
  std::vector<T> made(values.begin(), values.end());
  for (T& v : made)
    if (std::isnan(v)) v = 0;
  return made;
}

/// The shares of the left and the right child of a node of that score.
template <class T>
std::pair<T, T> shares(T s) {
  const T e = std::exp(-std::abs(s)), near = 1 / (1 + e), far = e / (1 + e);
  return s > 0 ? std::pair(far, near) : std::pair(near, far);
}

/// The children of an inner node of a tree with `inner` of them; a leaf is -1 less its number.
struct Children {
  std::int32_t left, right;
};
inline Children children(const std::int32_t* tree, std::int32_t inner, std::int32_t node) {
  if (tree) return {tree[2 * node], tree[2 * node + 1]};
  const auto heap = [&](std::int32_t i) { return i < inner ? i : -1 - (i - inner); };
  return {heap(2 * node + 1), heap(2 * node + 2)};
}

/// Gives every leaf below `node` its part of a mass; split(score) is what goes {left, right}.
template <class T, class Split>
void walk(const Row<T>& row, std::int32_t node, T mass, Split split) {
  if (node < 0) {
    row.y[static_cast<std::size_t>(-1 - node)] = mass;
    return;
  }
  const auto [left, right] = children(row.tree, static_cast<std::int32_t>(row.x.size()), node);
  const auto [to_left, to_right] = split(row.x[static_cast<std::size_t>(node)]);
  walk(row, left, mass * to_left, split);
  walk(row, right, mass * to_right, split);
}

inline constexpr auto everything = [](std::size_t) { return true; };
inline constexpr auto by_softmax = [](const auto& row) { softmax(row); };

/// Answers every row of a strided call by answer(row); of the results those that wanted(j) says.
template <class T, class Wanted = decltype(everything), class Answer = decltype(by_softmax)>
void strided(const softmax_audit_call& c, const std::ptrdiff_t* x_stride, Wanted wanted = everything,
             Answer answer = by_softmax) {
  const auto* x = static_cast<const T*>(c.x);
  auto* y = static_cast<T*>(c.y);
  const std::size_t n = c.shape[1];
  std::vector<T> in(n), out(n);
  for (std::size_t o = 0; o < c.shape[0]; ++o)
    for (std::size_t i = 0; i < c.shape[2]; ++i) {
      const auto at = [&](const std::ptrdiff_t* stride, std::size_t j) {
        return static_cast<std::ptrdiff_t>(o) * stride[0] + static_cast<std::ptrdiff_t>(j) * stride[1] +
               static_cast<std::ptrdiff_t>(i) * stride[2];
      };
      for (std::size_t j = 0; j < n; ++j) in[j] = x[at(x_stride, j)];
      answer(Row<T>{in, out, {}, c.temperature});
      for (std::size_t j = 0; j < n; ++j)
        if (wanted(j)) y[at(c.y_stride, j)] = out[j];
    }
}

template <class T, class Body>
int each_row(const softmax_audit_call* call, int map, Body body) {
  const bool tree = map == SOFTMAX_AUDIT_HIERARCHICAL_SOFTMAX;
  const bool one = map == SOFTMAX_AUDIT_LOGSUMEXP || map == SOFTMAX_AUDIT_CROSS_ENTROPY;
  const std::size_t n = call->shape[1], in = tree ? n - 1 : n, out = one ? 1 : n;
  if (n == 0) return 0;
  for (std::size_t o = 0; o < call->shape[0]; ++o) {
    const auto* g = static_cast<const T*>(call->operand);
    body(Row<T>{std::span(static_cast<const T*>(call->x) + o * in, in),
                std::span(static_cast<T*>(call->y) + o * out, out),
                g ? std::span(g + o * in, in) : std::span<const T>(), call->temperature,
                call->target ? static_cast<std::size_t>(call->target[o]) : 0, call->tree});
  }
  return 0;
}

template <class T, class Body>
int all_rows(const softmax_audit_call* call, Body body) {
  const std::size_t rows = call->shape[0], n = call->shape[1];
  if (n == 0) return 0;
  body(Call<T>{*call, rows, n, std::span(static_cast<const T*>(call->x), rows * n),
               std::span(static_cast<T*>(call->y), rows * n)});
  return 0;
}

}  // namespace mutant

// The plugin: one function of the map in f32 and f64.
#define MUTANT_PLUGIN(MAP, PROMISES, MAX_ULP, RUN32, RUN64)                                                     \
  extern "C" const softmax_audit_plugin* softmax_audit_plugin_v1(void) {                                        \
    static const softmax_audit_function functions[] = {                                                         \
        {sizeof(softmax_audit_function), "mutant", MAP, SOFTMAX_AUDIT_F32, PROMISES, nullptr, MAX_ULP, RUN32},  \
        {sizeof(softmax_audit_function), "mutant", MAP, SOFTMAX_AUDIT_F64, PROMISES, nullptr, MAX_ULP, RUN64}}; \
    static const softmax_audit_plugin plugin = {sizeof(softmax_audit_plugin), "mutant", "1", functions, 2};     \
    return &plugin;                                                                                             \
  }

#define MUTANT_CLAIMING(MAP, PROMISES, MAX_ULP)                                                                   \
  MUTANT_PLUGIN(                                                                                                  \
      MAP, PROMISES, MAX_ULP,                                                                                     \
      [](const softmax_audit_call* c) { return mutant::each_row<float>(c, MAP, [](const auto& r) { row(r); }); }, \
      [](const softmax_audit_call* c) { return mutant::each_row<double>(c, MAP, [](const auto& r) { row(r); }); })

#define MUTANT(MAP, PROMISES) MUTANT_CLAIMING(MAP, PROMISES, 0)

#define MUTANT_CALL(MAP, PROMISES)                                                                            \
  MUTANT_PLUGIN(                                                                                              \
      MAP, PROMISES, 0,                                                                                       \
      [](const softmax_audit_call* c) { return mutant::all_rows<float>(c, [](const auto& r) { call(r); }); }, \
      [](const softmax_audit_call* c) { return mutant::all_rows<double>(c, [](const auto& r) { call(r); }); })
