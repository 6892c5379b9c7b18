#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "properties/evidence.hpp"
#include "properties/law_tables.hpp"

namespace audit::properties {
namespace {

using impls::Map;
using reports::Finding;
using Broken = std::optional<Finding>;

/// One mass, or the logarithm of one, for each entry or leaf.
bool of_masses(Map map) { return !is_vjp(map) && !impls::traits(map).one_number_out; }
bool of_masses_by_logit(Map map) { return of_masses(map) && of_logits(map); }

/// A generous bound on the rounding of a law's own sums of n terms of size 1, in extended precision.
long double own_rounding(std::size_t n) { return static_cast<long double>(n + 4) * 0x1p-60L; }

/// Σ y_j = 1, so Σ got_j is within Σ slack_j of 1.
Broken sum_of_masses(const Evidence& e) {
  long double sum = 0, slack = own_rounding(e.answer.y.size());
  for (std::size_t j = 0; j < e.answer.y.size(); ++j) {
    sum += e.answer.y[j];
    slack += allowance(e, j);
  }
  if (agree(sum, 1, slack)) return std::nullopt;
  Finding finding = about_row(e, fmt::format("a sum of {:a}", static_cast<double>(sum)), "a sum of 1");
  finding.bound = static_cast<double>(slack);
  return finding;
}

/// Σ e^y_j = 1 and e^got_j is within e^(y_j + slack_j) - e^y_j of e^y_j.
Broken sum_of_exponentials(const Evidence& e) {
  long double sum = 0, slack = own_rounding(e.answer.y.size());
  for (std::size_t j = 0; j < e.answer.y.size(); ++j) {
    const long double y = value(e.exact.element(j));
    sum += std::exp(static_cast<long double>(e.answer.y[j]));
    slack += std::exp(y + allowance(e, j)) - std::exp(y);
  }
  if (agree(sum, 1, slack)) return std::nullopt;
  Finding finding = about_row(e, fmt::format("exponentials with a sum of {:a}", static_cast<double>(sum)), "1");
  finding.bound = static_cast<double>(slack);
  return finding;
}

Broken normalization(const Evidence& e) {
  return e.target.map == Map::log_softmax ? sum_of_exponentials(e) : sum_of_masses(e);
}

/// Σ_j y_j (g_j - Σ y_i g_i) = 0 = Σ_j (g_j - y_j Σ g_i), so Σ got_j is within Σ slack_j of 0.
Broken sum_of_gradients(const Evidence& e) {
  long double sum = 0, slack = 0, size = 0;
  for (std::size_t j = 0; j < e.answer.y.size(); ++j) {
    sum += e.answer.y[j];
    size += std::abs(e.answer.y[j]);
    slack += allowance(e, j);
  }
  slack += size * own_rounding(e.answer.y.size());
  if (agree(sum, 0, slack)) return std::nullopt;
  Finding finding = about_row(e, fmt::format("a sum of {:a}", static_cast<double>(sum)), "a sum of 0");
  finding.bound = static_cast<double>(slack);
  return finding;
}

/// The scores that the order is about; for x + g in a rounding that never reverses it.
std::vector<long double> scores(const impls::Row& row) {
  std::vector<long double> s(row.x.begin(), row.x.end());
  for (std::size_t i = 0; i < row.operand.size(); ++i) s[i] += row.operand[i];
  return s;
}

/// Walks up the scores and holds each answer against the largest (less its slack) of those below or beside it.
Broken order(const Evidence& e) {
  const auto s = scores(e.question.row);
  const bool rounded = !e.question.row.operand.empty();
  std::vector<std::size_t> by_score(s.size());
  std::iota(by_score.begin(), by_score.end(), std::size_t{0});
  std::ranges::stable_sort(by_score, {}, [&](std::size_t i) { return s[i]; });
  const auto floor_of = [&](std::size_t i) { return e.answer.y[i] - allowance(e, i); };

  std::optional<std::size_t> best;
  auto next = by_score.begin();
  for (const std::size_t i : by_score) {
    for (; next != by_score.end() && (rounded ? s[*next] < s[i] : s[*next] <= s[i]); ++next)
      if (!best || !(floor_of(*next) <= floor_of(*best))) best = *next;
    const long double slack = allowance(e, i) + (best ? allowance(e, *best) : 0);
    if (!best || std::isinf(slack)) continue;
    if (e.answer.y[i] + allowance(e, i) >= floor_of(*best)) continue;
    Finding finding = at(e, i, e.answer.y[i], e.answer.y[*best], slack);
    finding.want = fmt::format("no less than {:a}, the answer to entry {}", e.answer.y[*best], *best);
    return finding;
  }
  return std::nullopt;
}

}  // namespace

std::vector<Law> mass_laws() {
  return {
      standing(
          {"normalization", "the masses add up to 1", "the definition: Σ e^x_j / Σ e^x_i = 1; of a tree, leaf by leaf",
           "the sum of the elements' slacks; the law's own sum is in extended precision, (n + 4)·2^-60 covers it",
           false, of_masses, every_row, normalization},
          "its slack is the sum of the elements' own, so that an error breaks it first; it needs no exact answer, "
          "and holds the oracle and every bound to the definition"),
      standing({"gradients add up to 0", "the elements of a gradient add up to 0",
                "the answer does not depend on a common offset",
                "the sum of the elements' slacks; the law's own sum is in extended precision", false, is_vjp, every_row,
                sum_of_gradients},
               "as normalization: an error breaks it first, and it needs no exact answer"),
      standing({"order", "x_i ≥ x_j makes y_i ≥ y_j", "monotonicity of exp, log and max",
                "the slacks of both elements: an honest exp need not be monotone", false, of_masses_by_logit,
                longer_than_one, order},
               "two errors within their slack keep it; it says what an error does to a ranking, and needs no exact "
               "answer"),
  };
}

}  // namespace audit::properties
