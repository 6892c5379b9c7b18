#include "impls/bounds.hpp"

#include <algorithm>
#include <cmath>

namespace audit::impls {
namespace {

/// The error of one exp, log or log1p, in units of u: glibc's manual gives at most 1 ulp, which is up to 2u.
constexpr double libm = 2;

/// τ = 1 costs nothing; any other one rounding more for each quotient by it.
int quotients(const Row& row) { return row.temperature == 1 ? 0 : 1; }
/// Roundings of the argument (x_j - a)/τ of an exponential.
int roundings(const Row& row) { return 1 + quotients(row); }

/// The factor that covers everything of higher order than u (bounds.md, "Higher orders"); infinite for rows too long.
double higher_orders(const Facts& row, const Format& format) {
  const double used = (2 * static_cast<double>(row.terms) + 8192) * unit_roundoff(format);
  return used < 1 ? 1 / (1 - used) : INFINITY;
}

/// A number of subnormals as a double, rounded up: in f64 it is a whole number of them.
double at_least(double subnormals, const Format& format) {
  const double unit = smallest_subnormal(format), product = subnormals * unit;
  return product / unit < subnormals ? std::nextafter(product, INFINITY) : product;
}

/// The bound of shifted_softmax, its relative part in units of u and to first order.
double shifted_relative(const Facts& f, int r, std::size_t j) {
  return static_cast<double>(f.terms) + 2 * libm + r * (f.gap[j] + f.mean_gap);
}

/// Subnormals of an exponential that is divided: both round.
constexpr double quotient_subnormals = (libm + 1) / 2;

/// The absolute error of log1p(Σ others) as a logarithm of S, in units of u and in subnormals.
double log_sum_error(const Facts& f, int r) {
  const double additions = std::max(static_cast<double>(f.terms) - 2, 0.0);
  return r * f.mean_gap + libm * f.log_sum + f.rest * (additions + libm);
}
double log_sum_subnormals(const Facts& f) { return (libm / 2 + 1) * static_cast<double>(f.terms); }

/// abs(log g_j)
double depth(const Facts& f, std::size_t j) { return f.gap[j] + f.log_sum; }

double sum_of(const Row& row, std::size_t j) { return row.operand.empty() ? row.x[j] : row.x[j] + row.operand[j]; }

/// The sums x + noise (x itself, where there is no noise) of the unmasked entries.
std::vector<double> unmasked_sums(const Row& row) {
  std::vector<double> sums;
  for (std::size_t j = 0; j < row.x.size(); ++j)
    if (row.x[j] != -INFINITY) sums.push_back(sum_of(row, j));
  return sums;
}

/// How often a running maximum of these changes after the first.
std::size_t running_maximum_changes(const std::vector<double>& values) {
  std::size_t changes = 0;
  double running = values.front();
  for (const double v : values) {
    if (v > running) ++changes;
    running = std::max(running, v);
  }
  return changes;
}

}  // namespace

Facts facts(const Row& row) {
  const std::vector<double> sums = unmasked_sums(row);
  Facts f;
  f.terms = sums.size();
  if (sums.empty()) return f;
  const auto first_max = static_cast<std::size_t>(std::ranges::max_element(sums) - sums.begin());
  f.max = sums[first_max] / row.temperature;
  f.changes = running_maximum_changes(sums);
  for (std::size_t j = 0; j < row.x.size(); ++j) {
    f.masked.push_back(row.x[j] == -INFINITY);
    f.logit.push_back(sum_of(row, j) / row.temperature);
    f.gap.push_back((sums[first_max] - sum_of(row, j)) / row.temperature);
  }
  double others = 0, weighted = 0;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const double gap = (sums[first_max] - sums[i]) / row.temperature, e = std::exp(-gap);
    if (i == first_max || e == 0) continue;
    others += e;
    weighted += e * gap;
  }
  f.mean_gap = weighted / (1 + others);
  f.log_sum = std::log1p(others);
  f.rest = others / (1 + others);
  return f;
}

Bound relative_bound(const Facts& row, const Format& format, double relative, double subnormals) {
  const double factor = higher_orders(row, format);
  return {std::expm1(relative * unit_roundoff(format) * factor), at_least(subnormals * factor, format)};
}

Bound absolute_bound(const Facts& row, const Format& format, double absolute, double subnormals) {
  const double factor = higher_orders(row, format);
  return {0, absolute * unit_roundoff(format) * factor + at_least(subnormals * factor, format)};
}

std::vector<Bound> unshifted_softmax(const Row& row, const Format& format) {
  const Facts f = facts(row);
  double mean_logit = 0;
  for (std::size_t i = 0; i < f.gap.size(); ++i)
    if (!f.masked[i]) mean_logit += std::exp(-f.gap[i] - f.log_sum) * std::abs(f.logit[i]);
  return each_unmasked(f, [&](std::size_t j) {
    const double division = quotients(row) * (std::abs(f.logit[j]) + mean_logit);
    return relative_bound(f, format, static_cast<double>(f.terms) + 2 * libm + division, 0.5);
  });
}

std::vector<Bound> shifted_softmax(const Row& row, const Format& format) {
  const Facts f = facts(row);
  return each_unmasked(f, [&](std::size_t j) {
    return relative_bound(f, format, shifted_relative(f, roundings(row), j), quotient_subnormals);
  });
}

std::vector<Bound> fast_softmax(const Row& row, const Format& format, std::size_t parts) {
  const Facts f = facts(row);
  const double in_parts = static_cast<double>(row.x.size()) / static_cast<double>(parts) + 10;
  const double additions = std::min(static_cast<double>(f.terms) - 1, in_parts);
  const double argument = quotients(row) + 1.31;  // with the reduction by k·log 2
  return each_unmasked(f, [&](std::size_t j) {
    return relative_bound(f, format, additions + 8 + argument * (f.gap[j] + f.mean_gap), 0.51);
  });
}

std::vector<Bound> online_softmax(const Row& row, const Format& format) {
  const Facts f = facts(row);
  const double rescaling = (libm + 1) * static_cast<double>(f.changes);
  return each_unmasked(f, [&](std::size_t j) {
    return relative_bound(f, format, shifted_relative(f, roundings(row), j) + rescaling, quotient_subnormals);
  });
}

std::vector<Bound> division_free_softmax(const Row& row, const Format& format) {
  const Facts f = facts(row);
  const int r = roundings(row), q = quotients(row);
  // The product τ · log S may be subnormal, and what it loses there is divided by τ again.
  const double lost = q * smallest_subnormal(format) / (2 * row.temperature * unit_roundoff(format));
  const double logsumexp = std::abs(f.max + f.log_sum) + log_sum_error(f, r) + q * f.log_sum + lost;
  return each_unmasked(
      f, [&](std::size_t j) { return relative_bound(f, format, libm + r * depth(f, j) + logsumexp, libm / 2); });
}

std::vector<Bound> noisy_softmax(const Row& row, const Format& format) {
  const Facts f = facts(row);
  return each_unmasked(f, [&](std::size_t j) {
    const double noise = std::abs(f.logit[j]) + std::abs(f.max) + f.mean_gap;
    return relative_bound(f, format, shifted_relative(f, roundings(row), j) + noise, quotient_subnormals);
  });
}

std::vector<Bound> shifted_log_softmax(const Row& row, const Format& format) {
  const Facts f = facts(row);
  const int r = roundings(row);
  const double subnormals = log_sum_subnormals(f) + quotients(row) * 0.5;
  return each_unmasked(f, [&](std::size_t j) {
    return absolute_bound(f, format, r * f.gap[j] + depth(f, j) + log_sum_error(f, r), subnormals);
  });
}

std::vector<Bound> log_of_shifted_softmax(const Row& row, const Format& format) {
  const Facts f = facts(row);
  return each_unmasked(f, [&](std::size_t j) {
    return absolute_bound(f, format, shifted_relative(f, roundings(row), j) + libm * depth(f, j), 0);
  });
}

std::vector<Bound> shifted_logsumexp(const Row& row, const Format& format) {
  const Facts f = facts(row);
  return {absolute_bound(f, format, std::abs(f.max + f.log_sum) + log_sum_error(f, 1), log_sum_subnormals(f))};
}

}  // namespace audit::impls
