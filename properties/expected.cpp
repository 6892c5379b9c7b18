#include "properties/expected.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <ranges>

#include "properties/expected_terms.hpp"
#include "reference/tree.hpp"

namespace audit::properties {
namespace {

using impls::Bound;
using impls::Format;
using impls::Map;
using impls::Row;

// Constants in units of the working u. Within 4 ulp is within 8 u, an ulp being up to 2u of the value.
constexpr double exp_error = 8;
constexpr double log_error = 8;
constexpr double rounding = 1;
/// A running maximum that changes multiplies the sum by an exp.
constexpr double rescale = exp_error + rounding;
/// Two exps (the numerator's and, in the mean, those of the sum), a reciprocal and a product for the quotient.
constexpr double softmax_constant = 2 * exp_error + 2 * rounding;
/// The exps of the sum, and the last addition's share that abs(y) does not hold.
constexpr double log_constant = exp_error + rounding;

/// `noise`: the operand is added to the logits.
Anatomy dissect(const Row& row, bool noise) {
  std::vector<double> scores = row.x;
  if (noise)
    for (std::size_t i = 0; i < row.operand.size(); ++i) scores[i] += row.operand[i];
  Anatomy a;
  a.noise = noise;
  a.top = -INFINITY;
  a.changes = most_changes(scores);
  for (const double score : scores) {
    if (score == -INFINITY) continue;
    a.top = std::max(a.top, score);
    a.magnitude = std::max(a.magnitude, std::abs(score) / row.temperature);
    ++a.n;
  }
  double sum = 0, weighted = 0;
  for (const double score : scores) {
    const double finite = std::min((a.top - score) / row.temperature, std::numeric_limits<double>::max());
    const double t = score == -INFINITY ? INFINITY : finite;
    a.depth.push_back(t);
    sum += std::exp(-t);
    if (std::exp(-t) > 0) weighted += std::exp(-t) * t;
  }
  a.mean_depth = weighted / sum;
  a.log_sum = std::log(sum);
  a.top /= row.temperature;
  return a;
}

/// Roundings a unit of t_j: the subtraction, and a conversion of base (2^x for e^x). A temperature adds that of τ to
/// the format and of its reciprocal.
double per_depth(const Row& row) { return row.temperature == 1 ? 2 : 4; }

/// Roundings of the scores themselves, which a common offset makes large: x + g, and a division by τ before the maximum
/// is subtracted (exact for a power of two). Each counts twice, once in s_j and once in the sum.
double of_scores(const Row& row, const Anatomy& a) {
  int exponent = 0;
  const bool exact_division = std::frexp(row.temperature, &exponent) == 0.5;
  const double roundings = (a.noise ? 1 : 0) + (exact_division ? 0 : 1);
  return a.magnitude * (2 * roundings);
}

/// k roundings to first order, as they really multiply up: (1 + u)^k - 1, and a little for the doubles used here. Where
/// that is beyond e, a large common offset has left nothing, and all that is known is that masses lie in [0, 1].
Bound relative_error(double k, const Format& format) {
  const double exponent = k * impls::unit_roundoff(working(format)) * (1 + 0x1p-40);
  return exponent <= 1 ? Bound{std::expm1(exponent), 0} : Bound{0, 1};
}

/// Roundings of a softmax element at depth t: n + 9J + κ(t + Ḡ) + c. Depths beyond underflow do not count: there the
/// result is within the absolute term, the exp's 4 smallest subnormals and the quotient's own rounding.
double roundings_at(double t, const Format& format, const Row& row, const Anatomy& a) {
  const double underflow = 1 - std::log(impls::smallest_subnormal(working(format)));
  return a.n + rescale * a.changes + per_depth(row) * (std::min(t, underflow) + a.mean_depth) + of_scores(row, a) +
         softmax_constant;
}

std::vector<Bound> of_softmax(const Format& format, const Row& row, const Anatomy& a) {
  std::vector<Bound> bounds;
  for (const double t : a.depth) {
    Bound bound = relative_error(roundings_at(t, format, row, a), format);
    bound.absolute += 5 * impls::smallest_subnormal(working(format));
    bounds.push_back(in_format(format, bound));
  }
  return bounds;
}

/// The errors of log Σ e^(-t_j): its own, the exps', their arguments' in the mean, the additions', and the exps that
/// underflow.
double of_log_sum(const Row& row, const Anatomy& a) {
  return log_error * a.log_sum + per_depth(row) * a.mean_depth + a.n - 1 + rescale * a.changes + log_constant;
}

/// Absolute abs(y) + the errors of the logarithm.
std::vector<Bound> of_logsumexp(const Format& format, const Row& row, const Anatomy& a) {
  const double y = a.top + a.log_sum;
  const double underflow = 5 * a.n * impls::smallest_subnormal(working(format));
  const Bound bound{0, absolute_error(std::abs(y) + of_log_sum(row, a), a.n, format) + underflow};
  return {in_format(format, bound)};
}

/// Roundings of a log_softmax element at depth t: κ t + abs(log g_j) + the errors of the logarithm. No term in the
/// common offset.
double log_roundings_at(double t, const Row& row, const Anatomy& a) {
  return per_depth(row) * t + t + a.log_sum + of_log_sum(row, a) + of_scores(row, a);
}

std::vector<Bound> of_log_softmax(const Format& format, const Row& row, const Anatomy& a) {
  const double underflow = 5 * a.n * impls::smallest_subnormal(working(format));
  std::vector<Bound> bounds;
  for (const double t : a.depth) {
    const double k = log_roundings_at(t, row, a);
    const Bound bound{0, t == INFINITY ? 0 : absolute_error(k, a.n, format) + underflow};
    bounds.push_back(in_format(format, bound));
  }
  return bounds;
}

/// What goes into a gradient: masses y_i, their relative errors ε_i (1 where nothing is known of one), and sums.
struct Masses {
  std::vector<double> y, error;
  double weighted = 0;         ///< Σ y_i abs(g_i)
  double weighted_errors = 0;  ///< Σ y_i abs(g_i) ε_i
  double total = 0;            ///< Σ abs(g_i)
};

/// `roundings(t)`: of the mass at depth t.
template <class Roundings>
Masses masses_of(const Format& format, const Row& row, const Anatomy& a, Roundings roundings) {
  Masses m;
  for (std::size_t i = 0; i < a.depth.size(); ++i) {
    const Bound bound = relative_error(roundings(a.depth[i]), format);
    const bool known = bound.absolute == 0;
    m.y.push_back(known ? std::exp(-a.depth[i] - a.log_sum) : 1);
    m.error.push_back(known ? bound.relative : 1);
    const double size = std::abs(row.operand[i]);
    m.weighted += m.y[i] * size;
    m.weighted_errors += m.y[i] * size * m.error[i];
    m.total += size;
  }
  return m;
}

/// y_j (g_j - Σ y_i g_i) / τ, absolute: the errors of y_j times both terms, those of the y_i in the sum, and n + 4
/// roundings of products, additions, the difference and the quotient.
std::vector<Bound> of_softmax_vjp(const Format& format, const Row& row, const Anatomy& a, double tiny) {
  const Masses m = masses_of(format, row, a, [&](double t) { return roundings_at(t, format, row, a); });
  const double u = impls::unit_roundoff(working(format));
  std::vector<Bound> bounds;
  for (std::size_t j = 0; j < m.y.size(); ++j) {
    const double size = std::abs(row.operand[j]) + m.weighted, roundings = (a.n + 4) * u * (1 + m.error[j]);
    const double normal = m.y[j] * ((m.error[j] + roundings) * size + (1 + m.error[j]) * m.weighted_errors);
    const double underflow = tiny * (5 * (size + m.total) + a.n + 2);
    const double error = (normal + underflow) / row.temperature + tiny;
    bounds.push_back(in_format(format, {0, a.depth[j] == INFINITY ? 0 : error}));
  }
  return bounds;
}

/// g_j - y_j Σ g_i, absolute. The mass may be the exponential of a log_softmax. A masked entry has none.
std::vector<Bound> of_log_softmax_vjp(const Format& format, const Row& row, const Anatomy& a, double tiny) {
  const Masses m = masses_of(format, row, a, [&](double t) {
    return std::max(roundings_at(t, format, row, a), log_roundings_at(std::min(t, 2000.0), row, a) + exp_error);
  });
  const double u = impls::unit_roundoff(working(format));
  std::vector<Bound> bounds;
  for (std::size_t j = 0; j < m.y.size(); ++j) {
    const double product = m.y[j] * m.total * (m.error[j] + (a.n + 1) * u * (1 + m.error[j]));
    const double difference = 2 * u * (std::abs(row.operand[j]) + m.y[j] * m.total);
    const double error = product + difference + tiny * (5 * m.total + 2);
    bounds.push_back(in_format(format, {0, a.depth[j] == INFINITY ? 0 : error}));
  }
  return bounds;
}

/// That of log_softmax, of the gradient -1 at the target: y_j less 1, absolute. What is left at the target may be the
/// sum of the other masses, too: so many roundings more in that and in the sum of all, and a few.
std::vector<Bound> of_cross_entropy_vjp(const Format& format, Row row, const Anatomy& a, double tiny) {
  const auto target = static_cast<std::size_t>(row.target[0]);
  row.operand.assign(row.x.size(), 0);
  row.operand[target] = -1;
  std::vector<Bound> bounds = of_log_softmax_vjp(format, row, a, tiny);
  const double left = -std::expm1(-a.depth[target] - a.log_sum);
  bounds[target].absolute += in_format(format, {0, absolute_error((2 * a.n + 4) * left, a.n, format)}).absolute;
  return bounds;
}

/// Relative: for each node on the path a logistic of two exps, an addition and a quotient, and a product.
std::vector<Bound> of_tree(const Format& format, const Row& row) {
  constexpr double each = 2 * exp_error + 3 * rounding;
  const std::size_t n = row.x.size() + 1;
  std::vector<Bound> bounds(n);
  struct Place {
    std::int32_t child;
    double depth;
  };
  std::vector<Place> open{{reference::root(n), 0}};
  while (!open.empty()) {
    const auto [child, depth] = open.back();
    open.pop_back();
    if (child < 0) {
      Bound bound = relative_error(each * depth, format);
      bound.absolute += 5 * depth * impls::smallest_subnormal(working(format));
      bounds[static_cast<std::size_t>(-1 - child)] = in_format(format, bound);
    } else {
      const auto [left, right] = reference::children(row.tree, n, static_cast<std::size_t>(child));
      open.push_back({left, depth + 1});
      open.push_back({right, depth + 1});
    }
  }
  return bounds;
}

}  // namespace

double most_changes(const std::vector<double>& scores) {
  const auto changes = [](const auto& in_order) {
    double top = -INFINITY, count = 0;
    for (const double score : in_order) {
      count += score > top && top > -INFINITY;
      top = std::max(top, score);
    }
    return count;
  };
  return std::max(changes(scores), changes(scores | std::views::reverse));
}

std::vector<Bound> expected(Map map, const Format& format, const Row& row, bool flushes) {
  if (map == Map::hierarchical_softmax) return of_tree(format, row);
  const Anatomy a = dissect(row, map == Map::gumbel_softmax);
  // What a mass or a product may lose in a gradient.
  const double tiny = (flushes ? impls::smallest_normal : impls::smallest_subnormal)(working(format));
  switch (map) {
    case Map::softmax:
    case Map::gumbel_softmax:
      return of_softmax(format, row, a);
    case Map::logsumexp:
      return of_logsumexp(format, row, a);
    case Map::sparsemax:
      return expected_sparsemax(format, a);
    case Map::softmax_vjp:
      return of_softmax_vjp(format, row, a, tiny);
    case Map::log_softmax_vjp:
      return of_log_softmax_vjp(format, row, a, tiny);
    case Map::cross_entropy_vjp:
      return of_cross_entropy_vjp(format, row, a, tiny);
    case Map::sparsemax_vjp:
      return expected_sparsemax_vjp(format, row, a);
    case Map::entmax15:
      return expected_entmax15(format, a);
    default:
      break;
  }
  std::vector<Bound> bounds = of_log_softmax(format, row, a);
  return map == Map::cross_entropy ? std::vector{bounds[static_cast<std::size_t>(row.target[0])]} : bounds;
}

std::vector<Bound> expected_apart(Map map, const Format& format, const Row& row) {
  const Anatomy a = dissect(row, map == Map::gumbel_softmax);
  const bool logarithmic = map == Map::log_softmax;
  const double underflow = 1 - std::log(impls::smallest_subnormal(working(format)));
  std::vector<Bound> bounds;
  for (const double t : a.depth) {
    const double depth = logarithmic ? t : std::min(t, underflow);
    const double k = (per_depth(row) + 1) * depth + a.log_sum + of_scores(row, a) / 2 + rescale * a.changes +
                     (logarithmic ? log_constant : softmax_constant);
    Bound bound = logarithmic ? Bound{0, t == INFINITY ? 0 : absolute_error(k, 0, format)} : relative_error(k, format);
    if (!logarithmic) bound.absolute += 5 * impls::smallest_subnormal(working(format));
    bounds.push_back(in_format(format, bound));
  }
  return bounds;
}

std::vector<Bound> slack(const impls::Implementation& target, const Format& format, const Row& row) {
  const bool flushes = !(target.claim.promises & impls::subnormals);
  return target.claim.bounds ? target.claim.bounds(row, format) : expected(target.map, format, row, flushes);
}

std::string slack_source(const impls::Implementation& target) {
  if (target.claim.bounds) return target.claim.source;
  return "the weakest honest algorithm of its map, exp and log within 4 ulp: the target claims nothing";
}

}  // namespace audit::properties
