#include <algorithm>
#include <cmath>

#include "impls/bound_terms.hpp"

namespace audit::impls {
namespace {

/// What the error of sparsemax by sort depends on: the exact threshold, and who is near it.
struct Threshold {
  double tau = -1;             ///< of the shifted row z = x - a: in [-1, 0)
  double doubt = 0;            ///< an entry further than this from tau is never taken for the wrong side of it
  std::size_t candidates = 1;  ///< K: entries above tau - doubt
  bool contested = false;      ///< an entry lies within doubt of tau
};

/// tau = max over k of (z_1 + … + z_k - 1)/k.
double exact_threshold(const std::vector<double>& z) {
  double tau = -1, sum = 0;
  for (std::size_t k = 0; k < z.size() && z[k] > tau; ++k) {
    sum += z[k];
    tau = std::max(tau, (sum - 1) / static_cast<double>(k + 1));
  }
  return tau;
}

Threshold threshold(const std::vector<double>& z, double u) {
  Threshold t;
  t.tau = exact_threshold(z);
  t.doubt = (4 * static_cast<double>(count_above(z, -2)) + 16) * u;
  t.candidates = count_above(z, t.tau - t.doubt);
  t.contested = count_above(z, t.tau + t.doubt) != t.candidates;
  return t;
}

/// The bound of max(z_j - tau, 0) with a tau that a wrong decision about who is in the support puts off by `decision`,
/// in units of u.
std::vector<Bound> above_threshold(const Row& row, const Threshold& t, double decision, double u) {
  const double factor = simplex_higher_orders(row, u);
  const double k = static_cast<double>(t.candidates), division = (k + 1) * -t.tau - 1 + 1 / k;
  const double largest = *std::ranges::max_element(row.x);
  std::vector<Bound> bounds;
  for (const double x : row.x) {
    const double gap = largest - x;
    const bool outside = std::isfinite(factor) && -gap < t.tau - t.doubt;
    const double shift = 0.5 + std::min(gap, 0.5);
    bounds.push_back(outside ? Bound{} : Bound{u * factor, (shift + division + decision) * u * factor});
  }
  return bounds;
}

}  // namespace

std::vector<Bound> sorted_sparsemax(const Row& row, const Format& format) {
  const double u = unit_roundoff(format);
  const Threshold t = threshold(shifted_and_sorted(row), u);
  const auto k = static_cast<double>(t.candidates);
  return above_threshold(row, t, t.contested ? (k + 2 + std::log(k)) * -t.tau : 0, u);
}

std::vector<Bound> filtered_sparsemax(const Row& row, const Format& format) {
  const double u = unit_roundoff(format);
  const std::vector<double> z = shifted_and_sorted(row);
  Threshold t = threshold(z, u);
  const auto kept = static_cast<double>(count_above(z, -1 - 4 * u));
  const double decided = kept + 4;  // how far an entry is at most from the threshold that drops it, in units of u
  const auto certain = static_cast<double>(count_above(z, std::min(t.tau + t.doubt, -0x1p-1074)));
  const double dropped = static_cast<double>(t.candidates) - certain;
  t.doubt = std::max(t.doubt, ((dropped + kept) / certain + 1) * decided * u);
  t.candidates = count_above(z, t.tau - t.doubt);
  return above_threshold(row, t, (static_cast<double>(t.candidates) - certain) / certain * decided, u);
}

bool support_is_certain(const Row& row, const Format& format) {
  return gradients_fit(row, format) && !threshold(shifted_and_sorted(row), unit_roundoff(format)).contested;
}

std::vector<Bound> sorted_sparsemax_vjp(const Row& row, const Format& format) {
  const double u = unit_roundoff(format), largest = *std::ranges::max_element(row.x);
  const Threshold t = threshold(shifted_and_sorted(row), u);
  const auto inside = [&](std::size_t j) { return row.x[j] - largest > t.tau; };
  double mean = 0, size = 0;
  const auto k = static_cast<double>(t.candidates);
  for (std::size_t j = 0; j < row.x.size(); ++j) {
    if (!inside(j)) continue;
    mean += row.operand[j] / k;
    size += std::abs(row.operand[j]) / k;
  }
  const double factor = simplex_higher_orders(row, u);
  std::vector<Bound> bounds(row.x.size());
  for (std::size_t j = 0; j < bounds.size(); ++j) {
    if (!inside(j)) continue;
    const double roundings = std::abs(row.operand[j] - mean) + std::abs(mean) + (k - 1) * size;
    bounds[j].absolute = roundings * u * factor + smallest_subnormal(format);
  }
  return bounds;
}

}  // namespace audit::impls
