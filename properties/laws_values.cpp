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

bool one_number_an_entry(Map map) { return every_map(map) && !impls::traits(map).one_number_out; }
bool every_row(const reference::Case&) { return true; }
bool longer_than_one(const reference::Case& question) { return question.row.x.size() > 1; }
bool single_entry(const reference::Case& question) { return question.row.x.size() == 1; }

/// A generous bound on the rounding of a law's own sums of n terms of size 1, in extended precision.
long double own_rounding(std::size_t n) { return static_cast<long double>(n + 4) * 0x1p-60L; }

Broken error_within_claim(const Evidence& e) {
  for (std::size_t j = 0; j < e.exact.size(); ++j) {
    const auto missed = miss(e, e.answer, j, e.exact.element(j), e.slack[j]);
    if (!missed) continue;
    Finding finding = at(e, j, e.answer.y[j], e.exact.rounded[j], 0);
    if (!e.answer.written[j]) finding.got = "unwritten";
    finding.ulp = missed->ulp;
    finding.bound = missed->bound;
    return finding;
  }
  return std::nullopt;
}

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

/// max x ≤ y ≤ max x + log n.
Broken range_of_logsumexp(const Evidence& e) {
  const auto& x = e.question.row.x;
  const long double top = *std::ranges::max_element(x);
  const long double log_n = std::log(static_cast<long double>(x.size()));
  const long double slack = allowance(e, 0) + 0x1p-60L * (std::abs(top) + log_n);
  const long double got = e.answer.y[0];
  if (got >= top - slack && got <= top + log_n + slack) return std::nullopt;
  const long double end = got <= top ? top : top + log_n;
  return at(e, 0, e.answer.y[0], static_cast<double>(end), slack);
}

Broken range(const Evidence& e) {
  if (e.target.map == Map::logsumexp) return range_of_logsumexp(e);
  const bool logarithmic = e.target.map == Map::log_softmax;
  const double low = logarithmic ? -INFINITY : 0, high = logarithmic ? 0 : 1;
  for (std::size_t j = 0; j < e.answer.y.size(); ++j) {
    const long double slack = allowance(e, j), got = e.answer.y[j];
    if (!(got >= low && got <= high + slack)) return at(e, j, e.answer.y[j], got > high ? high : low, slack);
  }
  return std::nullopt;
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

Broken one_entry(const Evidence& e) {
  double want = 1;
  if (e.target.map == Map::log_softmax) want = 0;
  if (e.target.map == Map::logsumexp) want = e.question.row.x[0];
  if (e.answer.y[0] == want) return std::nullopt;
  const bool may_flush = !(e.target.claim.promises & impls::subnormals);
  if (e.answer.y[0] == 0 && may_flush && std::abs(want) < impls::smallest_normal(e.question.format))
    return std::nullopt;
  return at(e, 0, e.answer.y[0], want, 0);
}

Broken contract(const Evidence& e) {
  const auto unwritten = std::ranges::find(e.answer.written, false);
  if (unwritten != e.answer.written.end()) {
    Finding finding = about_row(e, "unwritten", "an answer");
    finding.element = static_cast<std::size_t>(unwritten - e.answer.written.begin());
    return finding;
  }
  if (e.answer.input_changed) return about_row(e, "the input changed", "the input as it was");
  return std::nullopt;
}

}  // namespace

std::vector<Law> value_laws() {
  return {
      {"error within claim", "every element is within its bound of the exact answer",
       "the claim's own; numerics.md section 3 where nothing is claimed",
       "the bound itself: relative · abs(y) + absolute, y certified", false, every_map, every_row, error_within_claim},
      {"normalization", "the masses add up to 1", "the definition: Σ e^x_j / Σ e^x_i = 1",
       "the sum of the elements' slacks; the law's own sum is in extended precision, (n + 4)·2^-60 covers it", false,
       one_number_an_entry, every_row, normalization},
      {"range", "0 ≤ y ≤ 1; log y ≤ 0; max x ≤ logsumexp x ≤ max x + log n",
       "the definition; Blanchard, Higham & Higham 2021, eq. (1.2)",
       "none below: no honest exponential is negative. Above, the element's: e^0 · (1/e^0) may pass 1 where the two "
       "exponentials come from different code",
       false, every_map, every_row, range},
      {"order", "x_i ≥ x_j makes y_i ≥ y_j", "monotonicity of exp, log and max",
       "the slacks of both elements: an honest exp need not be monotone", false, one_number_an_entry, longer_than_one,
       order},
      {"single entry", "a row of one entry x gives exactly 1, 0, or x", "e^(x - x) = 1, log 1 = 0",
       "none: every operation on the way is exact", false, every_map, single_entry, one_entry},
      {"output written, input kept", "every element is written, and nothing of the input",
       "interfaces.md section 3, what every function is held to", "none", false, every_map, every_row, contract},
  };
}

}  // namespace audit::properties
