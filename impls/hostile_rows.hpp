#pragma once

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <utility>

#include "impls/contract.hpp"

namespace audit::impls::testing {

/// Rows that normal ones hide trouble from: every spread and offset, full significands, masks of all kinds, rising
/// rows, ties, logits at the edges of the exponential's range, temperatures from tiny to huge, any target, trees of
/// every shape. For the tests of this room; every number is a value of the format.
class HostileRows {
 public:
  HostileRows(const MapTraits& map, const Format& format, std::uint64_t seed)
      : map_(map), format_(format), random_(seed) {}

  Row next() {
    Row row;
    const std::size_t n = chance(0.8) ? whole(1, 8) : whole(1, 300);
    const double width = chance(0.2) ? edge() : std::pow(10.0, real(-4, 4));
    const double offset = chance(0.5) ? 0 : std::copysign(std::pow(10.0, real(0, 6)), real(-1, 1));
    for (std::size_t i = 0; i < n; ++i) row.x.push_back(value(offset + width * real(-1, 1) * real(0, 1)));
    if (chance(0.2)) std::ranges::sort(row.x);
    if (chance(0.1)) row.x[whole(0, n - 1)] = row.x.front();
    if (chance(0.02)) row.x.assign(n, row.x.front());
    if (chance(0.3)) mask(row.x);
    if (map_.takes_temperature && chance(0.5)) row.temperature = temperature();
    for (std::size_t i = 0; map_.takes_operand && i < n; ++i)
      row.operand.push_back(value(-std::log(-std::log(real(1e-9, 1)))));
    if (map_.takes_target) row.target = {static_cast<std::int64_t>(whole(0, n - 1))};
    if (map_.takes_tree && chance(0.5)) row.tree = tree(n + 1);
    return row;
  }

 private:
  bool chance(double p) { return real(0, 1) < p; }
  double real(double low, double high) { return std::uniform_real_distribution(low, high)(random_); }
  std::size_t whole(std::size_t low, std::size_t high) { return std::uniform_int_distribution(low, high)(random_); }
  double value(double v) const {
    return round_to(format_, std::clamp(v, -largest_finite(format_), largest_finite(format_)));
  }
  /// The width of a row whose exponentials reach the subnormals.
  double edge() { return -std::log(smallest_subnormal(format_)) * real(0.8, 1.1); }

  double temperature() {
    const double decades = chance(0.1) ? 35 : 1;
    return value(std::max(std::pow(10.0, real(-decades, decades)), smallest_normal(format_)));
  }

  /// Masks a half, a prefix, or all but one; by -inf where there is one, or by the largest negative number.
  void mask(std::vector<double>& x) {
    const double masked = format_.infinities && chance(0.8) ? -INFINITY : -largest_finite(format_);
    const std::size_t spared = whole(0, x.size() - 1);
    const std::size_t prefix = chance(0.3) ? spared : chance(0.3) ? x.size() : 0;
    for (std::size_t i = 0; i < x.size(); ++i)
      if (i != spared && (i < prefix || (prefix == 0 && chance(0.5)))) x[i] = masked;
  }

  /// Leaves joined two at a time, at random, until the root is left.
  std::vector<std::int32_t> tree(std::size_t n) {
    std::vector<std::int32_t> children(2 * (n - 1)), left(n);
    std::iota(left.begin(), left.end(), -static_cast<std::int32_t>(n));
    const auto take = [&] {
      std::swap(left[whole(0, left.size() - 1)], left.back());
      const std::int32_t taken = left.back();
      left.pop_back();
      return taken;
    };
    for (std::size_t node = n - 1; node-- > 0; left.push_back(static_cast<std::int32_t>(node)))
      for (std::size_t side = 0; side < 2; ++side) children[2 * node + side] = take();
    return children;
  }

  const MapTraits& map_;
  const Format& format_;
  std::mt19937_64 random_;
};

}  // namespace audit::impls::testing
