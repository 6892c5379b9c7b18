#include <algorithm>
#include <cmath>

#include "properties/evidence.hpp"
#include "properties/law_tables.hpp"
#include "reference/sparsemax.hpp"

namespace audit::properties {
namespace {

using impls::Map;
using reports::Finding;
using Broken = std::optional<Finding>;

bool is_sparsemax(Map map) { return map == Map::sparsemax; }
bool is_sparse(Map map) { return map == Map::sparsemax || map == Map::entmax15; }
bool is_sparsemax_vjp(Map map) { return map == Map::sparsemax_vjp; }
bool on_simplex(const reference::Case& question) { return reference::on_simplex(question.row.x); }

/// What the slack of an element is at most, told from the answer alone: an exact y within its slack of got is no
/// further from 0 than got and twice that slack; and a result that may be flushed is a subnormal.
double from_answer(const Evidence& e, std::size_t j) {
  const long double got = std::abs(e.answer.y[j]);
  const long double slack = allowance(e, e.slack[j], got + 2 * allowance(e, e.slack[j], got));
  const bool flushed = got == 0 && !(e.target.claim.promises & impls::subnormals);
  return static_cast<double>(slack * (1 + 0x1p-40L)) + (flushed ? impls::smallest_normal(e.question.format) : 0);
}

/// Roundings of max(x_j - τ, 0), in units of u, that an element does not owe to the threshold, which is common to all:
/// the subtraction of the maximum, that of the threshold, and a division by the sum of k of them, which a bisection of
/// 50 steps in f64 leaves 8k off. Of the square that an entmax15 is: as many of its root r by r, and twice those of the
/// division, where the bisection counts 16 times the sum of the roots, √k at most.
double own_roundings(Map map, double got, double support) {
  if (map == Map::sparsemax) return 4 + got * (9 * support + 8);
  return 4 * std::sqrt(got) + 2 * got * (support + 8 + 16 * std::sqrt(support));
}

/// Of elements surely in the support only those.
double from_own_steps(const Evidence& e, std::size_t j, double support) {
  const double whole = from_answer(e, j), got = e.answer.y[j];
  if (e.target.claim.bounds || got <= 2 * whole) return whole;
  const impls::Format& format = e.question.format;
  const bool narrow = format.bytes < 4;
  const double own = own_roundings(e.target.map, got, support) * impls::unit_roundoff(narrow ? impls::f32 : format);
  return narrow ? 1.5 * own + std::ldexp(1.0, impls::ulp_exponent(format, got)) : own;
}

Broken not_one_threshold(const Evidence& e, const reference::Optimality& found, const std::vector<double>& slack) {
  const bool squares = e.target.map == Map::entmax15;
  const auto threshold = [&](std::size_t j) {
    const double x = e.question.row.x[j], y = e.answer.y[j];
    return squares ? x / 2 - std::sqrt(y) : x - y;
  };
  Finding finding = about_row(e, hex(e.answer.y[found.highest]),
                              std::string(squares ? "(x_j/2 - τ)²" : "x_j - τ") +
                                  " for the threshold τ = " + hex(threshold(found.lowest)) + " that element " +
                                  std::to_string(found.lowest) + " has");
  finding.element = found.highest;
  finding.bound = slack[found.highest] + slack[found.lowest];
  return finding;
}

Broken optimality(const Evidence& e) {
  const auto& y = e.answer.y;
  if (!std::ranges::all_of(y, [](double v) { return std::isfinite(v); }))
    return about_row(e, "an answer that is not finite", "a point of the simplex");
  const auto support = static_cast<double>(std::ranges::count_if(y, [](double v) { return v > 0; }));
  std::vector<double> whole, own;
  for (std::size_t j = 0; j < y.size(); ++j) {
    whole.push_back(from_answer(e, j));
    own.push_back(from_own_steps(e, j, support));
  }
  const bool squares = e.target.map == Map::entmax15;
  const auto optimality_of = squares ? reference::entmax15_optimality : reference::optimality;
  if (const auto found = optimality_of(e.question.row.x, y, own); !found.one_threshold)
    return not_one_threshold(e, found, own);
  if (optimality_of(e.question.row.x, y, whole).mass_of_one) return std::nullopt;
  return about_row(e, "a threshold that leaves another mass",
                   squares ? "Σ max(x_j/2 - τ, 0)² = 1" : "Σ max(x_j - τ, 0) = 1");
}

Broken idempotent(const Evidence& e) {
  for (std::size_t j = 0; j < e.answer.y.size(); ++j) {
    const double want = e.question.row.x[j];
    const long double slack = allowance(e, e.slack[j], want);
    if (!agree(e.answer.y[j], want, slack)) return at(e, j, e.answer.y[j], want, slack);
  }
  return std::nullopt;
}

/// Which entries sparsemax(x) is above 0 at, in exact rationals.
std::vector<bool> support_of(const std::vector<double>& x) {
  const auto y = reference::certify(Map::sparsemax, impls::f64, impls::Row{.x = x});
  std::vector<bool> inside;
  for (std::size_t j = 0; j < y.size(); ++j) inside.push_back(y.rounded[j] != 0 || y.rest[j] != 0);
  return inside;
}

/// What rounding an element, computed in two operations, leaves of it.
double from_difference(const Evidence& e, std::size_t j) {
  const impls::Format& format = e.question.format;
  const double size = std::abs(e.answer.y[j]);
  const bool narrow = format.bytes < 4, may_flush = !(e.target.claim.promises & impls::subnormals);
  const double own = 2 * size * impls::unit_roundoff(narrow ? impls::f32 : format);
  return own + std::ldexp(1.0, impls::ulp_exponent(format, size)) * (narrow ? 1 : 0) +
         (may_flush ? impls::smallest_normal(format) : 2 * impls::smallest_subnormal(format));
}

/// Where the slack is as large as the gradients, as next to the threshold, there is nothing to say.
Broken one_mean(const Evidence& e) {
  const auto& g = e.question.row.operand;
  const auto& y = e.answer.y;
  const std::vector<bool> inside = support_of(e.question.row.x);
  const auto first = static_cast<std::size_t>(std::ranges::find(inside, true) - inside.begin());
  double largest = 0;
  for (std::size_t j = 0; j < g.size(); ++j)
    if (inside[j]) largest = std::max(largest, std::abs(g[j]));
  if (std::ranges::any_of(e.slack, [&](const impls::Bound& b) { return b.absolute > 0 && b.absolute >= largest; }))
    return std::nullopt;
  for (std::size_t j = 0; j < y.size(); ++j) {
    const long double want = inside[j] ? static_cast<long double>(g[j]) - g[first] + y[first] : 0;
    const long double slack = inside[j] ? from_difference(e, j) + from_difference(e, first) : 0;
    if (j == first || agree(y[j], want, slack + 0x1p-60L * std::abs(want))) continue;
    Finding finding = at(e, j, y[j], static_cast<double>(want), slack);
    finding.want += inside[j] ? ", by the gradient of element " + std::to_string(first) : ", off the support";
    return finding;
  }
  return std::nullopt;
}

}  // namespace

std::vector<Law> sparsemax_laws() {
  return {
      {"optimality",
       "there is one τ with y_j = max(x_j - τ, 0), of entmax15 √y_j = max(x_j/2 - τ, 0), for every j, and Σ y_j = 1: "
       "the "
       "conditions of Karush, Kuhn and Tucker for the point of the simplex nearest to x",
       "Martins & Astudillo 2016, eqs. (3) and (4); Peters, Niculae & Martins 2019, eq. (12)",
       "exact rationals, roots rounded outwards. For the mass the elements' slacks; for the one τ, of elements surely "
       "in the support, only "
       "what "
       "they do not owe to τ: 4 roundings, and (9k + 8) of a division by the sum; where a bound is claimed, that",
       false, is_sparse, every_row, optimality},
      {"idempotent", "a point of the simplex, exactly so in rationals, is its own sparsemax",
       "it is its own nearest point of the simplex", "the element's slack", false, is_sparsemax, on_simplex, idempotent,
       0, false, 0, false,
       "the exact answer is the row itself, so that no oracle has a part in it; \"error within claim\" sees the same"},
      {"one mean",
       "the gradient of sparsemax is g_j less one number on the support, and exactly 0 off it: y_i - y_j = g_i - g_j",
       "Martins & Astudillo 2016, eq. (14)",
       "the support in exact rationals; of each of the two elements two roundings, as the mean is common to both and "
       "drops "
       "out. Nothing where an entry is next to the threshold",
       false, is_sparsemax_vjp, longer_than_one, one_mean, 0, false, 0, false,
       "an error breaks it, too, but of a large one in a wide support; it needs no mean, and names the two entries "
       "that "
       "part"},
  };
}

}  // namespace audit::properties
