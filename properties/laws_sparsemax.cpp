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
bool on_simplex(const reference::Case& question) { return reference::on_simplex(question.row.x); }

/// What the slack of an element is at most, told from the answer alone: an exact y within its slack of got is no
/// further from 0 than got and twice that slack; and a result that may be flushed is a subnormal.
double from_answer(const Evidence& e, std::size_t j) {
  const long double got = std::abs(e.answer.y[j]);
  const long double slack = allowance(e, e.slack[j], got + 2 * allowance(e, e.slack[j], got));
  const bool flushed = got == 0 && !(e.target.claim.promises & impls::subnormals);
  return static_cast<double>(slack * (1 + 0x1p-40L)) + (flushed ? impls::smallest_normal(e.question.format) : 0);
}

/// Of elements surely in the support only what they do not owe to the threshold, which is common to all: the
/// subtraction of the maximum, that of the threshold, and a division by the sum of k of them.
double from_own_steps(const Evidence& e, std::size_t j, double support) {
  const double whole = from_answer(e, j), got = e.answer.y[j];
  if (e.target.claim.bounds || got <= 2 * whole) return whole;
  const impls::Format& format = e.question.format;
  const bool narrow = format.bytes < 4;
  const double u = impls::unit_roundoff(narrow ? impls::f32 : format);
  const double own = (4 + got * (support + 8)) * u;
  return narrow ? 1.5 * own + std::ldexp(1.0, impls::ulp_exponent(format, got)) : own;
}

Broken not_one_threshold(const Evidence& e, const reference::Optimality& found, const std::vector<double>& slack) {
  const auto threshold = [&](std::size_t j) { return e.question.row.x[j] - e.answer.y[j]; };
  Finding finding = about_row(e, hex(e.answer.y[found.highest]),
                              "x_j - τ for the threshold τ = " + hex(threshold(found.lowest)) + " that element " +
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
  if (const auto found = reference::optimality(e.question.row.x, y, own); !found.one_threshold)
    return not_one_threshold(e, found, own);
  if (reference::optimality(e.question.row.x, y, whole).mass_of_one) return std::nullopt;
  return about_row(e, "a threshold that leaves another mass", "Σ max(x_j - τ, 0) = 1");
}

Broken idempotent(const Evidence& e) {
  for (std::size_t j = 0; j < e.answer.y.size(); ++j) {
    const double want = e.question.row.x[j];
    const long double slack = allowance(e, e.slack[j], want);
    if (!agree(e.answer.y[j], want, slack)) return at(e, j, e.answer.y[j], want, slack);
  }
  return std::nullopt;
}

}  // namespace

std::vector<Law> sparsemax_laws() {
  return {
      {"optimality",
       "there is one τ with y_j = max(x_j - τ, 0) for every j, and Σ y_j = 1: the conditions of Karush, Kuhn and "
       "Tucker "
       "for the point of the simplex nearest to x",
       "Martins & Astudillo 2016, eqs. (3) and (4)",
       "exact rationals. For the mass the elements' slacks; for the one τ, of elements surely in the support, only "
       "what "
       "they do not owe to τ: 4 roundings, and (k + 8) of a division by the sum; where a bound is claimed, that",
       false, is_sparsemax, every_row, optimality},
      {"idempotent", "a point of the simplex, exactly so in rationals, is its own sparsemax",
       "it is its own nearest point of the simplex", "the element's slack", false, is_sparsemax, on_simplex, idempotent,
       0, false, 0, false,
       "the exact answer is the row itself, so that no oracle has a part in it; \"error within claim\" sees the same"},
  };
}

}  // namespace audit::properties
