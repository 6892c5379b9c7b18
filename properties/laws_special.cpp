#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "properties/evidence.hpp"
#include "properties/expected.hpp"
#include "properties/law_tables.hpp"
#include "reference/special_values.hpp"

namespace audit::properties {
namespace {

using impls::Map;
using reference::Special;
using reports::Finding;
using Broken = std::optional<Finding>;

bool with_nan(const reference::Case& question) {
  return reference::special(question.map, question.row) == Special::nan;
}
bool with_plus_infinity(const reference::Case& question) {
  return reference::special(question.map, question.row) == Special::plus_infinity;
}
bool all_masked(const reference::Case& question) {
  return reference::special(question.map, question.row) == Special::all_masked;
}

bool is_nan(double v) { return std::isnan(v); }

std::string in_words(const std::vector<double>& y) {
  std::string words;
  for (std::size_t j = 0; j < y.size() && j < 8; ++j) words += (j ? ", " : "") + hex(y[j]);
  return words + (y.size() > 8 ? ", …" : "");
}

Broken special_value(const Evidence& e) {
  const auto want = reference::unlike_any_policy(e.target.map, e.question.row, e.answer.y);
  if (!want) return std::nullopt;
  Finding finding = about_row(e, in_words(e.answer.y), std::string(*want));
  finding.source = "interfaces.md section 3";
  return finding;
}

/// What a row of masks alone is to give in every element.
struct Policy {
  double want = 0;
  double slack = 0;
  bool or_nan = false;
};

Policy policy_of(const Evidence& e) {
  const impls::AllMasked declared = e.target.claim.all_masked;
  // Saying NaN is how a claim starts out, and a logsumexp that says nothing gives -inf.
  if (e.target.map == Map::logsumexp) return {-INFINITY, 0, declared == impls::AllMasked::nan};
  if (declared == impls::AllMasked::nan) return {std::numeric_limits<double>::quiet_NaN(), 0, true};
  const bool logarithmic = e.target.map == Map::log_softmax;
  if (declared == impls::AllMasked::zero) return {logarithmic ? -INFINITY : 0.0, 0};
  const auto n = static_cast<double>(e.answer.y.size());
  const double uniform = logarithmic ? -std::log(n) : 1 / n;
  // As of a row of equal logits; the policy itself is rounded to f64.
  impls::Row equal{std::vector<double>(e.answer.y.size(), 0.0), 1, {}};
  if (!e.question.row.operand.empty()) equal.operand = equal.x;
  const impls::Bound bound = slack(e.target, e.question.format, equal)[0];
  return {uniform, static_cast<double>(allowance(e, bound, uniform)) + 0x1p-52 * std::abs(uniform)};
}

Broken all_masked_policy(const Evidence& e) {
  const Policy policy = policy_of(e);
  for (std::size_t j = 0; j < e.answer.y.size(); ++j) {
    const double got = e.answer.y[j];
    if ((policy.or_nan && is_nan(got)) || agree(got, policy.want, policy.slack)) continue;
    Finding finding = at(e, j, got, policy.want, policy.slack);
    finding.source = "the policy it declares for rows of -inf only";
    return finding;
  }
  return std::nullopt;
}

bool short_enough(const reference::Case& question) { return question.row.x.size() > 1 && question.row.x.size() <= 130; }

/// The row once for each of its entries, that entry replaced by `value`, in one call; empty where the target does not
/// support that, or its claim does not speak of it.
std::vector<impls::Answer> with_each_replaced(const Evidence& e, double value) {
  const std::size_t n = e.question.row.x.size();
  std::vector<impls::Row> rows(n, e.question.row);
  for (std::size_t j = 0; j < n; ++j) rows[j].x[j] = value;
  const auto spoken_of = [&](const impls::Row& row) { return impls::covers(e.target.claim, row, e.question.format); };
  if (!std::ranges::all_of(rows, spoken_of)) return {};
  const auto layout = impls::contiguous(e.target.map, n, impls::length(e.target.map, e.question.row));
  auto answers = impls::ask(e.target, e.question.format, rows, layout);
  return answers.status == 0 ? std::move(answers.rows) : std::vector<impls::Answer>();
}

Finding at_lane(const Evidence& e, std::size_t j, std::string got, std::string want) {
  Finding finding = about_row(e, std::move(got), std::move(want));
  finding.element = j;
  finding.source = "interfaces.md section 3";
  return finding;
}

Broken every_lane(const Evidence& e) {
  const auto with_nan = with_each_replaced(e, std::numeric_limits<double>::quiet_NaN());
  for (std::size_t j = 0; j < with_nan.size(); ++j)
    if (std::ranges::none_of(with_nan[j].y, is_nan))
      return at_lane(e, j, in_words(with_nan[j].y) + " with NaN in this entry", "a NaN somewhere");
  const bool leaves_a_zero = forward(e.target.map) && e.target.map != Map::logsumexp;
  if (!leaves_a_zero || !e.question.format.infinities ||
      !std::ranges::all_of(e.question.row.x, [](double x) { return std::isfinite(x); }))
    return std::nullopt;
  const double want = e.target.map == Map::log_softmax ? -INFINITY : 0;
  const auto masked = with_each_replaced(e, -INFINITY);
  for (std::size_t j = 0; j < masked.size(); ++j)
    if (!(masked[j].y[j] == want)) return at_lane(e, j, hex(masked[j].y[j]) + " with -inf in this entry", hex(want));
  return std::nullopt;
}

}  // namespace

std::vector<Law> special_laws() {
  return {
      {"NaN shows", "a NaN in a row gives at least one NaN in its result",
       "interfaces.md section 3; IEEE 754-2019, 6.2", "none", true, every_map, with_nan, special_value},
      {"every lane",
       "a NaN in any one entry shows, and -inf in any one entry is exactly 0 there (-inf for log_softmax)",
       "interfaces.md section 3", "none", false, every_map, short_enough, every_lane},
      {"+inf classified",
       "a row with +inf gives a NaN row, NaN at the +inf entries and 0 elsewhere, or one-hot; "
       "logsumexp gives +inf or NaN",
       "interfaces.md section 3", "none", true, forward, with_plus_infinity, special_value},
      {"all masked", "a row of -inf only gives what the target declares: NaN, 0 or uniform; logsumexp NaN or -inf",
       "interfaces.md section 3", "none, but for uniform the slack of a row of equal logits", true, forward, all_masked,
       all_masked_policy},
  };
}

}  // namespace audit::properties
