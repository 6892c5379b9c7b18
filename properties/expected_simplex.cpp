#include <algorithm>
#include <cmath>

#include "properties/expected_terms.hpp"

namespace audit::properties {
namespace {

using impls::Bound;
using impls::Format;
using impls::Row;

/// Besides the cumulative sum of k terms: each z_j = x_j - max (at most 1 in the support), their mean, the sum less 1,
/// the quotient, x_j - τ, and an entry that the rounded threshold puts on the other side, twice.
constexpr double sparsemax_constant = 8;

/// The support of a sparsemax: its size and, below the maximum, its threshold.
struct Support {
  double k = 0;
  double threshold = 1;
};

/// Martins & Astudillo 2016, Proposition 1: k is the largest with 1 + k z_(k) > Σ_{i≤k} z_(i).
Support support_of(std::vector<double> depth) {
  std::ranges::sort(depth);
  double sum = 0, k = 0;
  for (const double t : depth) {
    if (!(1 + sum > k * t)) break;
    sum += t;
    ++k;
  }
  return {k, (1 + sum) / k};
}

/// What an entmax is made of, in halves of the logits: of h_j = (max x - x_j)/2 the support are those below
/// `threshold`.
struct EntmaxAnatomy {
  double k = 1;                  ///< the size of the support
  double threshold = 1;          ///< τ below the maximum
  double roots = 1;              ///< Σ (threshold - h_i) over the support
  double mean_square = 0;        ///< of h_i over the support
  std::vector<double> halves{};  ///< h_j, infinite for a masked entry
};

/// By the distances to the smallest entry of the support, x_k: it is one while Σ (h_k - h_i)² < 1.
EntmaxAnatomy entmax_anatomy(const Anatomy& a) {
  EntmaxAnatomy made;
  for (const double t : a.depth) made.halves.push_back(t / 2);
  std::vector<double> h = made.halves;
  std::ranges::sort(h);
  double sum = 0, squares = 0, own = 0;
  std::size_t k = 1;
  for (; k < h.size(); ++k) {
    const double step = h[k] - h[k - 1], wider = sum + static_cast<double>(k) * step;
    if (!(squares + step * (sum + wider) < 1)) break;
    squares += step * (sum + wider);
    sum = wider;
    own += h[k] * h[k];
  }
  made.k = static_cast<double>(k);
  const double distance = (1 - squares) / (sum + std::sqrt(sum * sum + made.k * (1 - squares)));
  made.threshold = h[k - 1] + distance;
  made.roots = sum + made.k * distance;
  made.mean_square = own / made.k;
  return made;
}

/// Roundings of the threshold τ = M - sqrt((1 - k(Q - M²))/k), M and Q the means of h and h² by sums of k terms: (3k +
/// 8) Q below the root, which is Σ w/k; k of the sum and the mean; the steps of a bisection, 50 in f64; and a few more.
double threshold_roundings(const EntmaxAnatomy& e) {
  return e.k + 24 + (3 * e.k + 8) * e.mean_square * e.k / (2 * e.roots);
}

}  // namespace

/// Absolute k + c, k the size of the support with every entry that a threshold by a sum of n terms may take for one of
/// it. Relative 8k: what dividing by the sum makes of a threshold that is 8u off, as after a bisection of 50 steps in
/// f64. No term in the common offset.
std::vector<Bound> expected_sparsemax(const Format& format, const Anatomy& a) {
  const double near = support_of(a.depth).threshold + absolute_error(a.n + sparsemax_constant, a.n, format);
  const auto k = static_cast<double>(std::ranges::count_if(a.depth, [&](double t) { return t <= near; }));
  const Bound bound{absolute_error(8 * k, a.n, format), absolute_error(k + sparsemax_constant, a.n, format)};
  std::vector<Bound> bounds(a.depth.size(), in_format(format, bound));
  for (std::size_t j = 0; j < bounds.size(); ++j)
    if (a.depth[j] == INFINITY) bounds[j] = {};
  return bounds;
}

/// Absolute 2 w_j Δ + Δ², Δ the error of the threshold, w_j = τ below h_j: (w_j + Δ)² - w_j². Entries next to the
/// threshold that are taken for the wrong side of it move that by the square of Δ. Relative k + 8, and what dividing by
/// the sum makes of a threshold that is 16u off. An entry far outside of the support is exactly 0.
std::vector<Bound> expected_entmax15(const Format& format, const Anatomy& a) {
  const EntmaxAnatomy e = entmax_anatomy(a);
  const double threshold = absolute_error(threshold_roundings(e), a.n, format);
  const auto near = static_cast<double>(
      std::ranges::count_if(e.halves, [&](double h) { return std::abs(h - e.threshold) <= 2 * threshold; }));
  const double off = threshold * (1 + 2 * near * threshold),
               relative = absolute_error(e.k + 8 + 32 * e.roots, a.n, format);
  std::vector<Bound> bounds;
  for (const double h : e.halves) {
    const double w = std::max(e.threshold - h, 0.0);
    const Bound bound{relative, 2 * w * off + off * off + impls::smallest_subnormal(working(format))};
    bounds.push_back(h > e.threshold + 4 * off ? Bound{} : in_format(format, bound));
  }
  return bounds;
}

/// Absolute (k + 4) mean abs(g) + 2 (abs(g_j) + mean abs(g)): the sum of k terms, its quotient, the difference; exactly
/// 0 off the support. Where an entry is so near the threshold that an honest sparsemax, of an absolute error of k + c,
/// or of one rounded to the format, may take it for the other side, nobody knows over whom the mean goes: then no entry
/// of the row is held to more than the size of gradients, twice the largest.
std::vector<Bound> expected_sparsemax_vjp(const Format& format, const Row& row, const Anatomy& a) {
  const auto [k, threshold] = support_of(a.depth);
  const double doubt = 2 * absolute_error(k + sparsemax_constant, a.n, format) + impls::smallest_subnormal(format);
  const auto in_doubt = [&](double t) { return std::abs(t - threshold) <= doubt; };
  const bool contested = std::ranges::any_of(a.depth, in_doubt);
  double size = 0, largest = 0;
  for (std::size_t j = 0; j < a.depth.size(); ++j) {
    if (a.depth[j] < threshold) size += std::abs(row.operand[j]) / k;
    if (a.depth[j] <= threshold + doubt) largest = std::max(largest, std::abs(row.operand[j]));
  }
  const double tiny = impls::smallest_subnormal(working(format));
  std::vector<Bound> bounds;
  for (std::size_t j = 0; j < a.depth.size(); ++j) {
    const double roundings = (k + 4) * size + 2 * (std::abs(row.operand[j]) + size);
    const double error = contested ? 2.01 * largest : absolute_error(roundings, a.n, format);
    bounds.push_back(a.depth[j] > threshold + doubt ? Bound{} : in_format(format, {0, error + (k + 2) * tiny}));
  }
  return bounds;
}

}  // namespace audit::properties
