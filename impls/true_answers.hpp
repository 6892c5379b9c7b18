#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "impls/contract.hpp"

// Answers for the tests of this room, computed with a 64-bit significand and a wide exponent range: good to 2^-9 of any
// bound in f64, to 2^-38 in f32 and below (bounds.md).

namespace audit::impls::testing {

static_assert(std::numeric_limits<long double>::digits >= 64);

using Wide = std::vector<long double>;

inline Wide scaled_logits(const Row& row) {
  Wide z;
  for (std::size_t j = 0; j < row.x.size(); ++j)
    z.push_back((row.operand.empty() ? row.x[j] : static_cast<long double>(row.x[j]) + row.operand[j]));
  return z;
}

/// log g_j = (x_j - a)/τ - log1p(Σ others).
inline Wide true_log_softmax(const Row& row) {
  Wide z = scaled_logits(row);
  const auto largest = std::ranges::max_element(z);
  const long double a = *largest;
  for (long double& v : z) v = (v - a) / row.temperature;
  long double others = 0;
  for (auto i = z.begin(); i != z.end(); ++i)
    if (i != largest) others += std::exp(*i);
  for (long double& v : z) v -= std::log1p(others);
  return z;
}

inline Wide true_softmax(const Row& row) {
  Wide y = true_log_softmax(row);
  for (long double& v : y) v = std::exp(v);
  return y;
}

inline Wide true_logsumexp(const Row& row) {
  const auto largest = std::ranges::max_element(row.x);
  return {*largest - true_log_softmax(row)[static_cast<std::size_t>(largest - row.x.begin())]};
}

inline Wide true_sparsemax(const Row& row) {
  Wide z = scaled_logits(row);
  const long double a = *std::ranges::max_element(z);
  for (long double& v : z) v -= a;
  Wide sorted = z;
  std::ranges::sort(sorted, std::greater{});
  long double tau = -1, sum = 0;
  for (std::size_t k = 0; k < sorted.size() && sorted[k] > tau; ++k) {
    sum += sorted[k];
    tau = (sum - 1) / static_cast<long double>(k + 1);
  }
  for (long double& v : z) v = std::max(v - tau, 0.0L);
  return z;
}

/// By the distances to the smallest entry of the support, which cancel nowhere.
inline Wide true_entmax15(const Row& row) {
  Wide z = scaled_logits(row), sorted = z;
  std::ranges::sort(sorted, std::greater{});
  long double sum = 0, squares = 0;
  std::size_t k = 0;
  for (; k < sorted.size(); ++k) {
    long double next_sum = 0, next = 0;
    for (std::size_t i = 0; i < k; ++i) {
      const long double above = sorted[i] - sorted[k];
      next_sum += above;
      next += above * above;
    }
    if (!(next < 4)) break;
    sum = next_sum;
    squares = next;
  }
  const long double smallest = sorted[k - 1], left = 4 - squares;
  const long double distance = left / (sum + std::sqrt(sum * sum + static_cast<long double>(k) * left));
  for (long double& v : z) {
    const long double root = std::max((v - smallest + distance) / 2, 0.0L);
    v = root * root;
  }
  return z;
}

inline Wide true_sparsemax_vjp(const Row& row) {
  Wide y = true_sparsemax({.x = row.x});
  long double sum = 0, support = 0;
  for (std::size_t j = 0; j < y.size(); ++j) {
    if (!(y[j] > 0)) continue;
    sum += row.operand[j];
    support += 1;
  }
  for (std::size_t j = 0; j < y.size(); ++j) y[j] = y[j] > 0 ? row.operand[j] - sum / support : 0;
  return y;
}

/// y, and at the target the other masses, negated.
inline Wide true_cross_entropy_vjp(const Row& row) {
  Wide y = true_softmax(row);
  const auto target = static_cast<std::size_t>(row.target.front());
  long double others = 0;
  for (std::size_t j = 0; j < y.size(); ++j)
    if (j != target) others += y[j];
  y[target] = y[target] > 0 ? -others : -1;
  return y;
}

inline Wide true_cross_entropy(const Row& row) {
  return {-true_log_softmax(row)[static_cast<std::size_t>(row.target.front())]};
}

/// y_j (g_j - Σ y_i g_i)/τ, or g_j - y_j Σ g_i, of the unmasked entries.
inline Wide true_gradient(Map map, const Row& row) {
  Wide y = true_softmax({row.x, row.temperature});
  long double weighted = 0, total = 0;
  for (std::size_t j = 0; j < y.size(); ++j) {
    weighted += y[j] * row.operand[j];
    if (row.x[j] != -INFINITY) total += row.operand[j];
  }
  for (std::size_t j = 0; j < y.size(); ++j) {
    if (map == Map::softmax_vjp) y[j] *= (row.operand[j] - weighted) / row.temperature;
    if (map == Map::log_softmax_vjp) y[j] = row.x[j] == -INFINITY ? 0 : row.operand[j] - y[j] * total;
  }
  return y;
}

/// The leaves of a tree: down each path a factor 1/(1 + e^s) to the left, 1/(1 + e^-s) to the right.
inline Wide true_leaves(const Row& row) {
  const std::size_t n = row.x.size() + 1;
  Wide y(n);
  const auto child = [&](std::size_t node, std::size_t side) -> std::int64_t {
    const std::size_t in_heap = 2 * node + 1 + side;
    if (row.tree.empty()) return in_heap < n - 1 ? std::int64_t(in_heap) : -1 - std::int64_t(in_heap - (n - 1));
    return row.tree[2 * node + side];
  };
  const auto walk = [&](const auto& self, std::int64_t node, long double mass) -> void {
    if (node < 0) {
      y[static_cast<std::size_t>(-1 - node)] = mass;
      return;
    }
    const auto at = static_cast<std::size_t>(node);
    const long double s = row.x[at];
    self(self, child(at, 0), mass / (1 + std::exp(s)));
    self(self, child(at, 1), mass / (1 + std::exp(-s)));
  };
  walk(walk, n == 1 ? -1 : 0, 1);
  return y;
}

/// The exact answer to a row of the map.
inline Wide truth(Map map, const Row& row) {
  switch (map) {
    case Map::softmax:
    case Map::gumbel_softmax:
      return true_softmax(row);
    case Map::log_softmax:
      return true_log_softmax(row);
    case Map::logsumexp:
      return true_logsumexp(row);
    case Map::cross_entropy:
      return true_cross_entropy(row);
    case Map::softmax_vjp:
    case Map::log_softmax_vjp:
      return true_gradient(map, row);
    case Map::hierarchical_softmax:
      return true_leaves(row);
    case Map::entmax15:
      return true_entmax15(row);
    case Map::sparsemax_vjp:
      return true_sparsemax_vjp(row);
    case Map::cross_entropy_vjp:
      return true_cross_entropy_vjp(row);
    default:
      return true_sparsemax(row);
  }
}

}  // namespace audit::impls::testing
