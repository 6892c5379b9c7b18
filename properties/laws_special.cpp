#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "properties/company.hpp"
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

bool is_nan(double v) { return std::isnan(v); }

/// Whether NaN is where it must show: among the logits, or in the operand at the largest of several; a gradient of one
/// entry is 0.
bool with_nan(const reference::Case& question) {
  const std::vector<double>&x = question.row.x, &operand = question.row.operand;
  if (reference::special(question.map, question.row) != Special::nan) return false;
  if (operand.empty() || std::ranges::any_of(x, is_nan)) return true;
  if (x.size() == 1) return false;
  return is_nan(operand[static_cast<std::size_t>(std::ranges::max_element(x) - x.begin())]);
}
bool with_plus_infinity(const reference::Case& question) {
  return reference::special(question.map, question.row) == Special::plus_infinity;
}
bool all_masked(const reference::Case& question) {
  return reference::special(question.map, question.row) == Special::all_masked;
}

std::string in_words(const std::vector<double>& y) {
  std::string words;
  for (std::size_t j = 0; j < y.size() && j < 8; ++j) words += (j ? ", " : "") + hex(y[j]);
  return words + (y.size() > 8 ? ", …" : "");
}

/// Whether numbers have other answers there than alone, too, by more than a hundredth of the largest: then it is not
/// what is special about the row.
bool wrong_for_numbers(const Evidence& e, const impls::Layout& layout, std::size_t place, impls::Row ones) {
  ones.temperature = 1;
  impls::Row row = ones;
  for (std::size_t j = 0; j < row.x.size(); ++j) row.x[j] = static_cast<double>(j % 3);
  std::vector<const impls::Row*> rows(layout.shape.outer * layout.shape.inner, &ones);
  rows[place] = &row;
  const auto answers = impls::ask(e.target, e.question.format, rows, layout);
  const impls::Answer alone = impls::ask(e.target, e.question.format, row);
  if (answers.status != 0 || alone.status != 0) return false;
  double largest = 0;
  for (const double y : alone.y) largest = std::max(largest, std::abs(y));
  return !std::ranges::equal(answers.row(place).y, alone.y,
                             [&](double a, double b) { return std::abs(a - b) <= 0.01 * largest; });
}

/// Judges the answer that the row has among rows of ones: as row `place` of a call laid out so.
template <Broken (*judge)(const Evidence&)>
Broken among_ones(const Evidence& e, const impls::Layout& layout, std::size_t place, std::string_view how) {
  impls::Row ones = e.question.row;
  std::ranges::fill(ones.x, 1);
  std::vector<const impls::Row*> rows(layout.shape.outer * layout.shape.inner, &ones);
  rows[place] = &e.question.row;
  const auto answers = impls::ask(e.target, e.question.format, rows, layout);
  if (answers.status != 0) return std::nullopt;
  const impls::Answer answer = answers.row(place);
  const bool unwritten = std::ranges::count(answer.written, false) > 0;
  auto broken =
      unwritten ? about_row(e, "unwritten", "an answer") : judge({e.target, e.question, e.exact, answer, e.slack});
  if (!broken || wrong_for_numbers(e, layout, place, ones)) return std::nullopt;
  broken->got += fmt::format(" as row {} of {}, among rows of ones{}", place, rows.size(), how);
  return broken;
}

/// More rows than a vector across them holds.
constexpr std::size_t across = 19;

/// Judges the answer to the row alone, and those that it has among rows of ones: of three, of more than a vector holds,
/// and, where that is promised, side by side and in place.
template <Broken (*judge)(const Evidence&)>
Broken alone_and_among(const Evidence& e) {
  auto by_itself = judge(e);
  if (by_itself || e.among_others) return by_itself;
  const std::size_t n = impls::length(e.target.map, e.question.row);
  for (const auto& [rows, place] : {std::pair{3, 1}, std::pair{19, 16}})
    if (auto broken = among_ones<judge>(e, impls::contiguous(e.target.map, rows, n), place, "")) return broken;
  if (n == 1) return std::nullopt;  // the number of one entry says nothing about where it lies
  if (e.target.claim.promises & impls::strided) {
    const auto beside = [](std::size_t elements) { return dense({1, static_cast<std::ptrdiff_t>(elements), across}); };
    const impls::Layout side_by_side{
        {1, n, across}, beside(e.question.row.x.size()), beside(impls::outputs(e.target.map, n))};
    if (auto broken = among_ones<judge>(e, side_by_side, across - 3, ", side by side")) return broken;
  }
  if (!(e.target.claim.promises & impls::in_place) || !of_logits(e.target.map)) return std::nullopt;
  return among_ones<judge>(e, overwritten(impls::contiguous(e.target.map, 3, n)), 1, ", in place");
}

Broken special_value(const Evidence& e) {
  const auto want = reference::unlike_any_policy(e.target.map, e.question.row, e.answer.y);
  if (!want) return std::nullopt;
  Finding finding = about_row(e, in_words(e.answer.y), std::string(*want));
  finding.source = "plugin.h";
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

/// A mask alone is a row of one entry, too, for which plugin.h says 1 (0 for log_softmax) without exception.
bool is_of_a_single_entry(const Evidence& e, double got) {
  const bool of_masses = e.target.map != Map::logsumexp && e.question.row.x.size() == 1;
  return of_masses && got == (e.target.map == Map::log_softmax ? 0 : 1);
}

Broken all_masked_policy(const Evidence& e) {
  const Policy policy = policy_of(e);
  for (std::size_t j = 0; j < e.answer.y.size(); ++j) {
    const double got = e.answer.y[j];
    if ((policy.or_nan && is_nan(got)) || agree(got, policy.want, policy.slack) || is_of_a_single_entry(e, got))
      continue;
    Finding finding = at(e, j, got, policy.want, policy.slack);
    finding.source = "the policy it declares for rows of -inf only";
    return finding;
  }
  return std::nullopt;
}

bool short_enough(const reference::Case& question) { return question.row.x.size() > 1 && question.row.x.size() <= 130; }

/// The answer to the row with `value` in entry j; nullopt where the target does not give it, or its claim does not
/// speak of that row.
std::optional<impls::Answer> with_entry(const Evidence& e, std::size_t j, double value) {
  impls::Row row = e.question.row;
  row.x[j] = value;
  if (!impls::covers(e.target.claim, row, e.question.format)) return std::nullopt;
  auto answer = impls::ask(e.target, e.question.format, row);
  const bool whole = answer.status == 0 && std::ranges::count(answer.written, false) == 0;
  return whole ? std::optional(std::move(answer)) : std::nullopt;
}

Finding at_lane(const Evidence& e, std::size_t j, std::string got, std::string want) {
  Finding finding = about_row(e, std::move(got), std::move(want));
  finding.element = j;
  finding.source = "plugin.h";
  return finding;
}

Broken nan_in(const Evidence& e, std::size_t j) {
  const auto answer = with_entry(e, j, std::numeric_limits<double>::quiet_NaN());
  if (!answer || std::ranges::any_of(answer->y, is_nan)) return std::nullopt;
  return at_lane(e, j, in_words(answer->y) + " with NaN in this entry", "a NaN somewhere");
}

/// A NaN of the operand, at the largest logit: nobody may leave that one out.
Broken nan_in_operand(const Evidence& e) {
  impls::Row row = e.question.row;
  const auto largest = std::ranges::max_element(row.x) - row.x.begin();
  row.operand[static_cast<std::size_t>(largest)] = std::numeric_limits<double>::quiet_NaN();
  const auto answer = impls::ask(e.target, e.question.format, row);
  if (answer.status != 0 || std::ranges::any_of(answer.y, is_nan)) return std::nullopt;
  return at_lane(e, static_cast<std::size_t>(largest), in_words(answer.y) + " with NaN in this entry of the operand",
                 "a NaN somewhere");
}

Broken mask_in(const Evidence& e, std::size_t j) {
  const double want = e.target.map == Map::log_softmax ? -INFINITY : 0;
  const auto answer = with_entry(e, j, -INFINITY);
  if (!answer || answer->y[j] == want) return std::nullopt;
  return at_lane(e, j, hex(answer->y[j]) + " with -inf in this entry", hex(want));
}

/// Whether the row has another entry than its target that is not masked.
bool may_mask_its_target(const reference::Case& question) {
  if (!question.format.infinities || question.row.target.empty()) return false;
  const auto target = static_cast<std::size_t>(question.row.target[0]);
  for (std::size_t j = 0; j < question.row.x.size(); ++j)
    if (j != target && question.row.x[j] != -INFINITY) return true;
  return false;
}

Broken masked_target(const Evidence& e) {
  const auto target = static_cast<std::size_t>(e.question.row.target[0]);
  const auto answer = with_entry(e, target, -INFINITY);
  if (!answer || is_nan(answer->y[0]) || answer->y[0] == INFINITY) return std::nullopt;
  return at_lane(e, 0, hex(answer->y[0]) + " with the target masked", "+inf or NaN");
}

/// Whether a mask in one entry of the row leaves others, and a result that is known.
bool can_be_masked(const Evidence& e) {
  const bool finite = std::ranges::all_of(e.question.row.x, [](double x) { return std::isfinite(x); });
  return finite && forward(e.target.map) && e.target.map != Map::logsumexp && e.question.format.infinities;
}

Broken every_lane(const Evidence& e) {
  if (!e.question.row.operand.empty())
    if (auto broken = nan_in_operand(e)) return broken;
  const bool masked = can_be_masked(e);
  for (std::size_t j = 0; j < e.question.row.x.size(); ++j) {
    if (auto broken = nan_in(e, j)) return broken;
    if (!masked) continue;
    if (auto broken = mask_in(e, j)) return broken;
  }
  return std::nullopt;
}

}  // namespace

std::vector<Law> special_laws() {
  return {
      {"NaN shows", "a NaN in a row gives at least one NaN in its result", "plugin.h; IEEE 754-2019, 6.2", "none", true,
       every_map, with_nan, alone_and_among<special_value>},
      standing({"every lane",
                "a NaN in any one entry shows, as does one in the operand at the largest logit, and -inf in any one "
                "entry is exactly 0 there (-inf for log_softmax)",
                "plugin.h", "none", false, every_map, short_enough, every_lane},
               "a lane that loses a NaN is met by chance among rows with NaN; it asks all of them"),
      {"masked target", "the loss of a masked target is +inf, or NaN: its mass is 0, and the logarithm of that -inf",
       "plugin.h: a masked entry of log_softmax is -inf, and a loss is -log_softmax", "none", false,
       [](impls::Map map) { return map == Map::cross_entropy; }, may_mask_its_target, masked_target},
      {"+inf classified",
       "a row with +inf gives a NaN row, NaN at the +inf entries and 0 elsewhere, or one-hot; "
       "logsumexp gives +inf or NaN, a loss what the mass of its target makes it",
       "plugin.h", "none", true, [](Map map) { return forward(map) || map == Map::cross_entropy; }, with_plus_infinity,
       alone_and_among<special_value>},
      {"all masked", "a row of -inf only gives what the target declares: NaN, 0 or uniform; logsumexp NaN or -inf",
       "plugin.h", "none, but for uniform the slack of a row of equal logits", true, forward, all_masked,
       alone_and_among<all_masked_policy>},
  };
}

}  // namespace audit::properties
