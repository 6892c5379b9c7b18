#include "impls/bounds.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "impls/bound_terms.hpp"

namespace audit::impls {
namespace {

/// The factor that covers everything of higher order than u (bounds.md, "Higher orders"); infinite for rows too long.
double higher_orders(const Facts& row, const Format& format) {
  const double used = (2 * static_cast<double>(row.terms) + 8192) * unit_roundoff(format);
  return used < 1 ? 1 / (1 - used) : INFINITY;
}

/// A number of subnormals as a double, rounded up: in f64 it is a whole number of them, and so the double of those
/// bits.
double at_least(double subnormals, const Format& format) {
  if (format.bytes == sizeof(double) && subnormals < 0x1p53)
    return std::bit_cast<double>(static_cast<std::uint64_t>(std::ceil(subnormals)));
  return subnormals * smallest_subnormal(format);
}

double sum_of(const Row& row, std::size_t j) { return row.operand.empty() ? row.x[j] : row.x[j] + row.operand[j]; }

/// The sums x + noise (x itself, where there is no noise) of the unmasked entries.
std::vector<double> unmasked_sums(const Row& row) {
  std::vector<double> sums;
  sums.reserve(row.x.size());
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

/// The softmax of logits that were rounded `rounded` times each, and their differences r times.
std::vector<Bound> softmax_of_rounded(const Row& row, const Format& format, int rounded, int r) {
  const Facts f = facts(row);
  return each_unmasked(f, [&](std::size_t j) {
    const double of_logits = rounded * (std::abs(f.logit[j]) + std::abs(f.max) + f.mean_gap);
    return relative_bound(f, format, shifted_relative(f, r, j) + of_logits, quotient_subnormals);
  });
}

/// The error of logsumexp/τ as a_x + τ·log1p(Σ others), over τ.
double logsumexp_error(const Row& row, const Facts& f, const Format& format) {
  const int q = quotients(row);
  // The product τ · log S may be subnormal, and what it loses there is divided by τ again.
  const double lost = q * smallest_subnormal(format) / (2 * row.temperature * unit_roundoff(format));
  return std::abs(f.max + f.log_sum) + log_sum_error(f, roundings(row)) + q * f.log_sum + lost;
}

/// (x_j - a)/τ less a log S of that error.
std::vector<Bound> log_softmax_by(const Row& row, const Facts& f, const Format& format, double error,
                                  double subnormals) {
  return each_unmasked(f, [&](std::size_t j) {
    const double absolute = roundings(row) * f.gap[j] + depth(f, j) + error;
    return absolute_bound(f, format, absolute, subnormals + quotients(row) * 0.5);
  });
}

std::vector<Bound> of_target(const Row& row, const std::vector<Bound>& bounds) {
  return {bounds[static_cast<std::size_t>(row.target.front())]};
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
  f.masked.reserve(row.x.size());
  f.logit.reserve(row.x.size());
  f.gap.reserve(row.x.size());
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
  const double by_logsumexp = logsumexp_error(row, f, format);
  return each_unmasked(f, [&](std::size_t j) {
    return relative_bound(f, format, libm + roundings(row) * depth(f, j) + by_logsumexp, libm / 2);
  });
}

std::vector<Bound> noisy_softmax(const Row& row, const Format& format) {
  return softmax_of_rounded(row, format, 1, roundings(row));
}

std::vector<Bound> divided_first_softmax(const Row& row, const Format& format) {
  return softmax_of_rounded(row, format, quotients(row), 1);
}

std::vector<Bound> shifted_log_softmax(const Row& row, const Format& format) {
  const Facts f = facts(row);
  return log_softmax_by(row, f, format, log_sum_error(f, roundings(row)), log_sum_subnormals(f));
}

std::vector<Bound> log_of_sum_log_softmax(const Row& row, const Format& format) {
  const Facts f = facts(row);
  return log_softmax_by(row, f, format, whole_log_sum_error(f, roundings(row)), 0);
}

std::vector<Bound> logsumexp_log_softmax(const Row& row, const Format& format) {
  const Facts f = facts(row);
  const double by_logsumexp = logsumexp_error(row, f, format), subnormals = log_sum_subnormals(f);
  return each_unmasked(f, [&](std::size_t j) {
    return absolute_bound(f, format, roundings(row) * depth(f, j) + by_logsumexp, subnormals + quotients(row) * 0.5);
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

std::vector<Bound> log_of_sum_logsumexp(const Row& row, const Format& format) {
  const Facts f = facts(row);
  return {absolute_bound(f, format, std::abs(f.max + f.log_sum) + whole_log_sum_error(f, 1), 0)};
}

std::vector<Bound> unshifted_logsumexp(const Row& row, const Format& format) {
  const Facts f = facts(row);
  const double sum = static_cast<double>(f.terms) - 1 + libm;
  return {absolute_bound(f, format, sum + libm * std::abs(f.max + f.log_sum), 0)};
}

std::vector<Bound> shifted_cross_entropy(const Row& row, const Format& format) {
  return of_target(row, shifted_log_softmax(row, format));
}

std::vector<Bound> log_of_shifted_cross_entropy(const Row& row, const Format& format) {
  return of_target(row, log_of_shifted_softmax(row, format));
}

}  // namespace audit::impls
