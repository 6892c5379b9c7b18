#pragma once

#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "impls/contract.hpp"
#include "reference/tree.hpp"

namespace audit::reference {

/// Enclosures of the exact answers, for any interval type I with exp, log1p and the four operations rounded outwards.
/// A masked entry has none (std::nullopt); the caller knows what it is exactly. Every map is written so that nothing
/// cancels where its result is small, and from the exact logits and temperature: x/τ is never rounded to a format.

/// x_i + noise_i exactly: the double nearest to it, and what is left of it (Knuth's TwoSum).
inline std::pair<double, double> score(const impls::Row& row, std::size_t i) {
  if (row.operand.empty()) return {row.x[i], 0};
  const double x = row.x[i], noise = row.operand[i], sum = x + noise, back = sum - x;
  return {sum, std::isfinite(sum) ? (x - (sum - back)) + (noise - back) : 0};
}

/// The index of a largest logit, for gumbel_softmax of x + noise. Of another one, at a temperature near 0, the
/// exponentials would overflow.
inline std::size_t pivot(const impls::Row& row) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < row.x.size(); ++i)
    if (score(row, i) > score(row, best)) best = i;
  return best;
}

/// z_i - z_pivot for z = (x + noise)/τ; nullopt where x_i is masked.
template <class I>
std::vector<std::optional<I>> shifted(const impls::Row& row, std::size_t at) {
  const auto logit = [&](std::size_t i) {
    return row.operand.empty() ? I(row.x[i]) : I(I(row.x[i]) + I(row.operand[i]));
  };
  const I top = logit(at);
  const I temperature(row.temperature);
  std::vector<std::optional<I>> z(row.x.size());
  for (std::size_t i = 0; i < z.size(); ++i) {
    if (row.x[i] == -INFINITY) continue;
    I difference = logit(i) - top;
    if (row.temperature != 1) difference /= temperature;
    z[i] = std::move(difference);
  }
  return z;
}

/// y_j = e^(z_j) / Σ e^(z_i)
template <class I>
std::vector<std::optional<I>> softmax(const impls::Row& row) {
  auto e = shifted<I>(row, pivot(row));
  I sum(0);
  for (auto& term : e) {
    if (!term) continue;
    term = I(exp(*term));
    sum += *term;
  }
  for (auto& term : e)
    if (term) *term /= sum;
  return e;
}

/// log Σ e^(z_i - z_pivot) = log1p(Σ over the others)
template <class I>
I log_sum_of_shifted(const std::vector<std::optional<I>>& z, std::size_t at) {
  I others(0);
  for (std::size_t i = 0; i < z.size(); ++i)
    if (z[i] && i != at) others += exp(*z[i]);
  return I(log1p(others));
}

/// y_j = (z_j - z_pivot) - log1p(Σ others)
template <class I>
std::vector<std::optional<I>> log_softmax(const impls::Row& row) {
  const std::size_t at = pivot(row);
  auto z = shifted<I>(row, at);
  const I log_sum = log_sum_of_shifted(z, at);
  for (auto& term : z)
    if (term) *term -= log_sum;
  return z;
}

/// y = x_pivot + log1p(Σ others)
template <class I>
std::vector<std::optional<I>> logsumexp(const impls::Row& row) {
  const std::size_t at = pivot(row);
  return {I(I(row.x[at]) + log_sum_of_shifted(shifted<I>(row, at), at))};
}

/// y = mean over the rows of (x_pivot - x_target) + log1p(Σ others), terms that are never negative; nullopt where a
/// target is masked: it is +inf.
///
/// When it ends: y = q means Π Σ_i e^(x_i - x_target) = e^(Bq) over the B rows, a sum of exponentials with positive
/// coefficients that can only be a single one when every row has one finite entry; then y = 0, enclosed by a point.
template <class I>
std::vector<std::optional<I>> cross_entropy(std::span<const impls::Row> rows) {
  I sum(0);
  for (const impls::Row& row : rows) {
    const double target = row.x[static_cast<std::size_t>(row.target[0])];
    if (target == -INFINITY) return {std::nullopt};
    const std::size_t at = pivot(row);
    sum += I(I(row.x[at]) - I(target)) + log_sum_of_shifted(shifted<I>(row, at), at);
  }
  return {I(sum / I(static_cast<unsigned long>(rows.size())))};
}

/// The probabilities of the left and the right child: logistic(-s) and logistic(s), of e^(-abs(s)), so that nothing
/// overflows.
template <class I>
std::pair<I, I> logistics(double s) {
  if (std::isinf(s)) return {I(s < 0 ? 1 : 0), I(s < 0 ? 0 : 1)};
  const I e = exp(I(-std::abs(s)));
  const I likely = 1 / I(1 + e), unlikely = e / I(1 + e);
  return s < 0 ? std::pair{likely, unlikely} : std::pair{unlikely, likely};
}

/// y_leaf = the product of the probabilities on its path from the root.
///
/// When it ends: 1/y = Π (1 + e^(∓s)), a sum of exponentials with positive coefficients, is rational only when every
/// finite score on the path is 0; then y = 0 or a power of two, enclosed by a point.
template <class I>
std::vector<std::optional<I>> hierarchical_softmax(const impls::Row& row) {
  const std::size_t n = row.x.size() + 1;
  std::vector<std::optional<I>> y(n);
  std::vector<std::pair<std::int32_t, I>> open{{root(n), I(1)}};
  while (!open.empty()) {
    const auto [node, mass] = std::move(open.back());
    open.pop_back();
    if (node < 0) {
      y[static_cast<std::size_t>(-1 - node)] = mass;
      continue;
    }
    const auto at = static_cast<std::size_t>(node);
    const auto [left, right] = children(row.tree, n, at);
    const auto [of_left, of_right] = logistics<I>(row.x[at]);
    open.emplace_back(left, mass * of_left);
    open.emplace_back(right, mass * of_right);
  }
  return y;
}

}  // namespace audit::reference
