#include <algorithm>
#include <cmath>

#include "impls/bound_terms.hpp"

namespace audit::impls {
namespace {

/// shifted_softmax with a sum of this error, in units of u.
std::vector<Bound> softmax_with_sum(const Row& row, const Facts& f, const Format& format, double sum) {
  const double recursive = static_cast<double>(f.terms) - 1;
  return each_unmasked(f, [&](std::size_t j) {
    const double relative = shifted_relative(f, roundings(row), j) - recursive + sum;
    return relative_bound(f, format, relative, quotient_subnormals);
  });
}

}  // namespace

std::vector<Bound> pairwise_softmax(const Row& row, const Format& format) {
  const Facts f = facts(row);
  const double levels = std::ceil(std::log2(static_cast<double>(row.x.size())));
  return softmax_with_sum(row, f, format, std::min(levels, static_cast<double>(f.terms) - 1));
}

std::vector<Bound> compensated_softmax(const Row& row, const Format& format) {
  const Facts f = facts(row);
  const double additions = static_cast<double>(f.terms) - 1;
  return softmax_with_sum(row, f, format, 1 + additions * additions * unit_roundoff(format));
}

std::vector<Bound> mantissa_exponent_softmax(const Row& row, const Format& format) {
  constexpr double reduction = 0.6;  // of an argument less a multiple of log 2
  const Facts f = facts(row);
  double largest = 0;
  for (std::size_t i = 0; i < f.logit.size(); ++i)
    if (!f.masked[i]) largest = std::max(largest, std::abs(f.logit[i]));
  return each_unmasked(f, [&](std::size_t j) {
    const double division = quotients(row) * (std::abs(f.logit[j]) + largest);
    return relative_bound(f, format, static_cast<double>(f.terms) + 2 * (libm + reduction) + division, 0.5);
  });
}

std::vector<Bound> narrow_sum_softmax(const Row& row, const Format& format) {
  const Facts f = facts(row);
  const int r = roundings(row);
  const double rounding = std::log1p(unit_roundoff(format)), half_subnormal = smallest_subnormal(format) / 2;
  const double additions = (static_cast<double>(f.terms) - 1) * rounding;
  return each_unmasked(f, [&](std::size_t j) {
    const double in_f32 = std::log1p(relative_bound(f, f32, 2 * libm + 1 + r * (f.gap[j] + f.mean_gap), 0).relative);
    const double others = 2 * rounding + static_cast<double>(f.terms) * half_subnormal + in_f32;
    const double sum_too_small = std::expm1(std::min(additions, f.log_sum) + others);
    const double sum_too_large = -std::expm1(-additions - others);
    const double lost = 2 * half_subnormal * std::exp(std::min(additions, f.log_sum) + others);
    return rounded_once({std::max(sum_too_small, sum_too_large), lost});
  });
}

}  // namespace audit::impls
