#include <algorithm>
#include <cmath>

#include "impls/bound_terms.hpp"

namespace audit::impls {
namespace {

/// What the error of an entmax depends on: the exact threshold t = 2 tau of z = x - a, in [-2, 0), and who is near it.
struct Support {
  std::vector<double> z;       ///< descending
  double t = -2;               ///< Σ max(z_i - t, 0)² = 4
  double doubt = 0;            ///< an entry further than this from t is never taken for the wrong side of it
  std::size_t candidates = 1;  ///< K: entries above t - doubt
  std::size_t certain = 1;     ///< entries above t + doubt
  double roots = 0;            ///< Σ w, w_i = max(z_i - t, 0); 2 at least
  double reaches = 0;          ///< Σ w_i abs(z_i)
};

/// As entmax15_sort does.
double exact_threshold(const std::vector<double>& z) {
  double sum = 0, squares = 0;
  std::size_t k = 1;
  for (; k < z.size(); ++k) {
    const double step = z[k - 1] - z[k], wider = sum + static_cast<double>(k) * step;
    const double wider_squares = squares + step * (sum + wider);
    if (!(wider_squares < 4)) break;
    sum = wider;
    squares = wider_squares;
  }
  const double left = 4 - squares;
  return z[k - 1] - left / (sum + std::sqrt(sum * sum + static_cast<double>(k) * left));
}

Support support(const Row& row, double u) {
  Support s{.z = shifted_and_sorted(row)};
  s.t = exact_threshold(s.z);
  s.doubt = (4 * static_cast<double>(count_above(s.z, -2.5)) + 16) * u;
  s.candidates = count_above(s.z, s.t - s.doubt);
  s.certain = count_above(s.z, s.t + s.doubt);
  for (const double z : s.z) {
    if (!(z > s.t)) break;
    s.roots += z - s.t;
    s.reaches += (z - s.t) * -z;
  }
  return s;
}

/// How far a root of Σ (z_i - t)² = 4 over `terms` entries moves when the sum is off by `error`.
double moved_by(double error, double roots, double terms) {
  const double inside = roots * roots - terms * error;
  return inside > 0 ? error / (roots + std::sqrt(inside)) : INFINITY;
}

/// One bound an element by a function of its w_j and t_j; exact zeros further below the threshold than `reach`.
template <class BoundOf>
std::vector<Bound> above_threshold(const Row& row, const Support& s, double reach, BoundOf bound_of) {
  const double largest = *std::ranges::max_element(row.x);
  std::vector<Bound> bounds;
  for (const double x : row.x) {
    const double gap = largest - x;
    const bool outside = std::isfinite(reach) && -gap < s.t - reach;
    bounds.push_back(outside ? Bound{} : bound_of(std::max(-gap - s.t, 0.0), gap));
  }
  return bounds;
}

}  // namespace

std::vector<Bound> sorted_entmax15(const Row& row, const Format& format) {
  const double u = unit_roundoff(format), factor = simplex_higher_orders(row, u);
  const Support s = support(row, u);
  const auto k = static_cast<double>(s.candidates), contested = static_cast<double>(s.candidates - s.certain);
  const double distance = s.certain == 0 ? INFINITY : s.z[s.certain - 1] - s.t;
  const double roundings = k == 1 ? 0 : k == 2 ? 3 : k + 3;
  const double left = contested > 0 ? 4 : std::max(4 - k * distance * distance, 0.0);
  const double of_root = k == 1 ? 0 : 5 * distance * u;
  const double moved = factor * (moved_by(roundings * left * u, s.roots, k) + of_root) +  //
                       contested * s.doubt * s.doubt / 2;
  return above_threshold(row, s, s.doubt + moved, [&](double w, double) {
    const double from_smallest = w - distance;
    const double relative = k == 1 ? 0 : contested > 0 ? 5 : from_smallest > 0 ? 3 + 2 * from_smallest / w : 1;
    return Bound{relative * u * factor, factor * (w * moved / 2 + moved * moved / 4) + smallest_subnormal(format)};
  });
}

std::vector<Bound> bisected_entmax15(const Row& row, const Format& format) {
  const double u = unit_roundoff(format), factor = simplex_higher_orders(row, u);
  const Support s = support(row, u);
  const auto k = static_cast<double>(s.candidates);
  const double found = moved_by(4 * (k + 2) * u, s.roots, k);
  const double moved = factor * (2 * u + s.reaches / s.roots * u + found);
  return above_threshold(row, s, s.doubt + moved, [&](double w, double gap) {
    const double y = w * w / 4, first = std::abs(w - y * s.roots) / 2 * moved + (w > 0 ? w * gap / 2 * u : 0);
    const double second = moved * moved / 2 * (1 + y * (k + s.roots * s.roots) + w * s.roots);
    return Bound{(k + 6 + s.reaches / 2) * u * factor, factor * (first + second) + smallest_subnormal(format)};
  });
}

}  // namespace audit::impls
