#include <algorithm>
#include <cmath>

#include "impls/bound_terms.hpp"

namespace audit::impls {
namespace {

/// What a gradient is made of: the masses y_i of the logits, and sums over the upstream gradient g.
struct Upstream {
  Facts logits{};
  std::vector<double> mass{};   ///< y_i
  double mean = 0;              ///< d = Σ y_i g_i
  double total = 0;             ///< G = Σ g_i
  double size = 0;              ///< Σ abs(g_i)
  double weighted_size = 0;     ///< Σ y_i abs(g_i)
  double weighted_reaches = 0;  ///< Σ y_i abs(g_i) t_i
};

/// Of unmasked entries alone; a masked one has no part in any of it.
Upstream upstream(const Row& row) {
  Upstream u{.logits = facts({row.x, row.temperature})};
  for (std::size_t i = 0; i < row.x.size(); ++i) {
    const double y = u.logits.masked[i] ? 0 : std::exp(-depth(u.logits, i)), size = std::abs(row.operand[i]);
    u.mass.push_back(y);
    if (u.logits.masked[i]) continue;
    u.mean += y * row.operand[i];
    u.total += row.operand[i];
    u.size += size;
    u.weighted_size += y * size;
    if (y > 0) u.weighted_reaches += y * size * u.logits.gap[i];
  }
  return u;
}

/// absolute_bound with room for products of two relative errors of a softmax (bounds.md, "Gradient of the softmax").
Bound product_bound(const Facts& row, const Format& format, double absolute, double subnormals) {
  const Bound once = absolute_bound(row, format, absolute, subnormals);
  const double twice = absolute_bound(row, format, 1, 0).absolute / unit_roundoff(format);
  return {0, once.absolute * twice};
}

}  // namespace

std::vector<Bound> shifted_softmax_vjp(const Row& row, const Format& format) {
  const Upstream u = upstream(row);
  const Facts& f = u.logits;
  const int r = roundings(row), q = quotients(row);
  const auto n = static_cast<double>(f.terms);
  const double common = n - 1 + libm + r * f.mean_gap;  // of the sum, in every mass alike
  const double own = libm + 1;                          // of a mass, and r t_i
  const double mean_error = common * std::abs(u.mean) + (own + n) * u.weighted_size + r * u.weighted_reaches;
  return each_unmasked(f, [&](std::size_t j) {
    const double apart = std::abs(row.operand[j] - u.mean), y = u.mass[j];
    const double of_mass = y > 0 ? y * (common + own + r * f.gap[j] + 2 + q) * apart : 0;
    const double lost = quotient_subnormals * (apart + y * u.size) + y * n / 2 + 0.5;
    return product_bound(f, format, (of_mass + y * mean_error) / row.temperature, lost / row.temperature + 0.5 * q);
  });
}

std::vector<Bound> shifted_log_softmax_vjp(const Row& row, const Format& format) {
  const Upstream u = upstream(row);
  const Facts& f = u.logits;
  const double additions = static_cast<double>(f.terms) - 1;
  return each_unmasked(f, [&](std::size_t j) {
    const double y = u.mass[j], gradient = row.operand[j] - y * u.total;
    const double of_product =
        y > 0 ? y * ((shifted_relative(f, 1, j) + 1) * std::abs(u.total) + additions * u.size) : 0;
    const double lost = quotient_subnormals * std::abs(u.total) + 0.5;
    return product_bound(f, format, std::abs(gradient) + of_product, lost);
  });
}

std::vector<Bound> shifted_cross_entropy_vjp(const Row& row, const Format& format) {
  const Facts f = facts(row);
  const auto target = static_cast<std::size_t>(row.target.front());
  double others = 0, weighted = 0;
  for (std::size_t i = 0; i < f.gap.size(); ++i) {
    const double e = i == target || f.masked[i] ? 0 : std::exp(-f.gap[i]);
    others += e;
    if (e > 0) weighted += e * f.gap[i];
  }
  const double additions = std::max(static_cast<double>(f.terms) - 2, 0.0);
  const auto of_target = [&] {
    const double mass = std::exp(-depth(f, target)), reach = others > 0 ? weighted / others : 0;
    const double ratio = mass > 0 ? mass * (additions + 2 * libm + reach + f.gap[target]) : 0;
    return relative_bound(f, format, f.terms == 1 ? 0 : 2 + ratio, f.terms == 1 ? 0 : log_sum_subnormals(f) + 0.5);
  };
  return each_unmasked(f, [&](std::size_t j) {
    return j == target ? of_target() : relative_bound(f, format, shifted_relative(f, 1, j), quotient_subnormals);
  });
}

}  // namespace audit::impls
