#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "reference/oracle.hpp"
#include "reference/tree.hpp"

namespace audit::reference::testing {

/// The second arithmetic, for tests, independent of MPFR and of the enclosures: cpp_bin_float of 1400 bits, enough for
/// e^-745 beside 1, and the textbook formulas: no shift, no log1p, no groups, from each leaf up to its root.
using Real =
    boost::multiprecision::number<boost::multiprecision::cpp_bin_float<1400, boost::multiprecision::digit_base_2>,
                                  boost::multiprecision::et_off>;

/// What the softmax of a row is made of; a masked entry has e = 0.
struct Exponentials {
  std::vector<Real> z, e;
  Real sum = 0;
};
inline Exponentials exponentials(const impls::Row& row, bool noisy) {
  Exponentials made;
  for (std::size_t i = 0; i < row.x.size(); ++i) {
    const bool masked = row.x[i] == -INFINITY;
    made.z.push_back(masked ? Real(0) : (Real(row.x[i]) + (noisy ? row.operand[i] : 0)) / Real(row.temperature));
    made.e.push_back(masked ? Real(0) : Real(exp(made.z.back())));
    made.sum += made.e.back();
  }
  return made;
}

inline Real mean_cross_entropy(std::span<const impls::Row> rows) {
  Real sum = 0;
  for (const impls::Row& row : rows)
    sum += log(exponentials(row, false).sum) - row.x[static_cast<std::size_t>(row.target[0])];
  return sum / rows.size();
}

inline std::vector<Real> leaves(const impls::Row& row) {
  const std::size_t n = row.x.size() + 1;
  std::vector<std::size_t> parent(2 * n - 1);  // of inner nodes, then of leaves
  std::vector<bool> is_right(2 * n - 1);
  for (std::size_t node = 0; node + 1 < n; ++node) {
    const auto [left, right] = children(row.tree, n, node);
    for (const auto child : {left, right}) {
      const auto at = static_cast<std::size_t>(child >= 0 ? child : static_cast<std::int32_t>(n) - 2 - child);
      parent[at] = node;
      is_right[at] = child == right;
    }
  }
  const auto logistic = [](double s) { return std::isinf(s) ? Real(s > 0 ? 1 : 0) : Real(1 / (1 + exp(-Real(s)))); };
  std::vector<Real> y(n, Real(1));
  for (std::size_t leaf = 0; leaf < n; ++leaf)
    for (std::size_t at = n - 1 + leaf; at != 0; at = parent[at])
      y[leaf] *= logistic(is_right[at] ? row.x[parent[at]] : -row.x[parent[at]]);
  return y;
}

inline std::vector<Real> vjp(impls::Map map, const impls::Row& row) {
  const auto [z, e, sum] = exponentials(row, false);
  Real total = 0, weighted = 0;
  for (std::size_t i = 0; i < z.size(); ++i) {
    total += row.operand[i];
    weighted += e[i] / sum * row.operand[i];
  }
  std::vector<Real> v;
  for (std::size_t j = 0; j < z.size(); ++j)
    v.push_back(map == impls::Map::softmax_vjp ? Real(e[j] / sum * (row.operand[j] - weighted) / row.temperature)
                                               : Real(row.operand[j] - e[j] / sum * total));
  return v;
}

/// y_j = max(x_j/2 - τ, 0)², τ by halving an interval as often as there are bits.
inline std::vector<Real> entmax15(const impls::Row& row) {
  const auto root_of = [](double x, const Real& tau) { return x / 2 > tau ? Real(Real(x) / 2 - tau) : Real(0); };
  Real high = Real(*std::ranges::max_element(row.x)) / 2, low = high - 1;
  for (int halving = 0; halving < 1400; ++halving) {
    const Real tau = (low + high) / 2;
    Real sum = 0;
    for (const double x : row.x) sum += root_of(x, tau) * root_of(x, tau);
    (sum >= 1 ? low : high) = tau;
  }
  std::vector<Real> y;
  for (const double x : row.x) y.push_back(root_of(x, low) * root_of(x, low));
  return y;
}

/// softmax(x), less 1 at the target.
inline std::vector<Real> gradient_of_loss(const impls::Row& row) {
  const auto [z, e, sum] = exponentials(row, false);
  std::vector<Real> v;
  for (const Real& term : e) v.push_back(term / sum);
  v[static_cast<std::size_t>(row.target[0])] -= 1;
  return v;
}

/// The answer to a row of any map but sparsemax and its VJP.
inline std::vector<Real> textbook(impls::Map map, const impls::Row& row) {
  using impls::Map;
  if (map == Map::cross_entropy) return {mean_cross_entropy({&row, 1})};
  if (map == Map::hierarchical_softmax) return leaves(row);
  if (map == Map::softmax_vjp || map == Map::log_softmax_vjp) return vjp(map, row);
  if (map == Map::cross_entropy_vjp) return gradient_of_loss(row);
  if (map == Map::entmax15) return entmax15(row);
  const auto [z, e, sum] = exponentials(row, map == Map::gumbel_softmax);
  if (map == Map::logsumexp) return {log(sum)};
  std::vector<Real> y;
  for (std::size_t i = 0; i < z.size(); ++i)
    y.push_back(map == Map::log_softmax ? Real(z[i] - log(sum)) : Real(e[i] / sum));
  return y;
}

/// Holds a certified element against y: RN(y) is a nearest value, or an overflow; the residual, the side and the ulp.
inline void expect_same(const impls::Format& format, const Element& element, const Real& y, const std::string& what) {
  ASSERT_TRUE(element.decided) << what;
  const Real ulps = Real(element.units) - ldexp(y, -element.ulp_exponent);
  ASSERT_NEAR(static_cast<double>(ulps), element.residual, 0x1p-20 + std::abs(element.residual) * 0x1p-50) << what;
  if (std::isinf(element.rounded)) {
    const Real half_ulp = ldexp(Real(0.5), format.emax - format.precision + 1);
    ASSERT_GE(abs(y), impls::largest_finite(format) + half_ulp) << what;
    ASSERT_EQ(element.rounded > 0, y > 0) << what;
  } else {
    ASSERT_EQ(element.rounded, std::ldexp(element.units, element.ulp_exponent)) << what;
    ASSERT_LE(abs(ulps), Real(0.5) + ldexp(Real(1), -200)) << what;
    if (abs(ulps) < ldexp(Real(1), -200)) return;  // y is exact, and the second arithmetic is near
    ASSERT_EQ(element.side, ulps.sign()) << what;
  }
  const Real magnitude = abs(y);
  const int binade = magnitude == 0 ? format.emin : std::max(static_cast<int>(ilogb(magnitude)), format.emin);
  ASSERT_EQ(element.ulp_exponent, binade - format.precision + 1) << what;
}

}  // namespace audit::reference::testing
