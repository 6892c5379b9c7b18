#include "properties/asker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "properties/accidents.hpp"
#include "properties/companions.hpp"
#include "properties/evidence.hpp"
#include "properties/expected.hpp"

namespace audit::properties {
namespace {

using impls::Accident;
using impls::Answer;
using impls::Row;
using reports::Finding;

/// Holds one law, which the finding is of.
std::optional<Finding> hold(std::string_view name, const Evidence& evidence) {
  auto finding = law_named(name).broken(evidence);
  if (finding) finding->law = name;
  return finding;
}

/// The first of the laws about special rows that is broken.
std::optional<Finding> of_special_laws(const Evidence& e) {
  if (!impls::covers(e.target.claim, e.question.row, e.question.format)) return std::nullopt;
  for (const Law& law : laws())
    if (law.special_rows && law.holds_for(e.target.map) && law.speaks_of(e.question))
      if (auto finding = hold(law.name, e)) return finding;
  return std::nullopt;
}

constexpr std::string_view of_writing = "output written, input kept", of_errors = "error within claim";

/// Nothing may be written for a row without entries.
std::optional<Finding> wrote(const Answer& answer) {
  const auto written = std::ranges::find(answer.written, true);
  if (written == answer.written.end()) return std::nullopt;
  Finding finding;
  finding.law = of_writing;
  finding.element = static_cast<std::size_t>(written - answer.written.begin());
  finding.got = hex(answer.y[*finding.element]);
  finding.want = "nothing written for a row without entries";
  finding.source = "plugin.h";
  return finding;
}

}  // namespace

Asker::Asker(const impls::Implementation& target, const impls::Format& format) : target_(target), format_(format) {}

std::optional<Wrong> Asker::alone(const Row& row) try {
  const Answer answer = impls::ask(target_, format_, row);
  refusal_ = answer.status;
  if (refusal_ != 0) return std::nullopt;
  ++rows_;
  return judged(row, answer, Place::alone, Look::at_errors_too);
} catch (const Accident& met) {
  return accident(met, row);
}

std::optional<Wrong> Asker::together(const std::vector<Row>& rows, std::size_t first_judged,
                                     std::size_t last_judged) try {
  const std::size_t n = impls::length(target_.map, rows.front());
  const auto answers = impls::ask(target_, format_, rows, impls::contiguous(target_.map, rows.size(), n));
  refusal_ = answers.status;
  if (refusal_ != 0) return std::nullopt;
  rows_ += rows.size();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool looked_at = first_judged <= i && i < last_judged;
    const Look look = looked_at ? Look::at_errors_too : Look::at_what_is_written;
    auto wrong = judged(rows[i], answers.row(i), rows.size() == 1 ? Place::alone : Place::among_others, look);
    if (!wrong) continue;
    wrong->finding.got += fmt::format(" as row {} of {}", i, rows.size());
    return wrong;
  }
  return std::nullopt;
} catch (const Accident& met) {
  // One row is easier to look at, where it is to blame by itself.
  for (const Row& row : rows)
    if (auto wrong = alone(row); wrong && wrong->met && wrong->met->kind != Accident::Kind::given_up) return wrong;
  return accident(met, rows.front());
}

std::optional<Wrong> Asker::held(std::span<const std::string_view> laws, const Row& row, Care care) try {
  if (!proper(row)) return std::nullopt;
  const auto question = reference::spelled_out(target_.map, format_, row);
  const auto speaks = [&](std::string_view name) {
    const Law& law = law_named(name);
    return law.holds_for(target_.map) && !(law.promise & ~target_.claim.promises) && law.speaks_of(question);
  };
  if (std::ranges::none_of(laws, speaks)) return std::nullopt;
  const Answer answer = impls::ask(target_, format_, row);
  if (answer.status != 0) return std::nullopt;
  ++rows_;
  const auto exact = reference::certify(target_.map, format_, row);
  if (out_of_reach(exact)) return std::nullopt;
  const auto bounds = slack(target_, format_, row);
  for (const std::string_view law : laws)
    if (speaks(law))
      if (auto finding = hold(law, {target_, question, exact, answer, bounds, care})) {
        identify(*finding, target_, question);
        return Wrong{*std::move(finding), row};
      }
  return std::nullopt;
} catch (const Accident& met) {
  return accident(met, row);
}

std::optional<Wrong> Asker::twice(const Row& row) try {
  const Answer first = impls::ask(target_, format_, row);
  if (first.status != 0) return std::nullopt;
  ++rows_;
  if (auto wrong = judged(row, first, Place::alone, Look::at_errors_too)) return wrong;
  if (!(target_.claim.promises & impls::deterministic)) return std::nullopt;
  first_.emplace_back(row, first);
  return other_than(first, row, "when asked again after the first call of all");
} catch (const Accident& met) {
  return accident(met, row);
}

std::optional<Wrong> Asker::once_more() {
  for (const auto& [row, first] : first_) try {
      if (auto wrong = other_than(first, row, "when asked again after rows of many lengths")) return wrong;
    } catch (const Accident& met) {
      return accident(met, row);
    }
  return std::nullopt;
}

/// Asks a row again.
std::optional<Wrong> Asker::other_than(const Answer& first, const Row& row, std::string_view when) {
  const Answer answer = impls::ask(target_, format_, row);
  if (answer.status != 0) return std::nullopt;
  const auto question = reference::spelled_out(target_.map, format_, row);
  auto finding = other_bits({target_, question, {}, first, {}}, answer, std::string(when));
  if (!finding) return std::nullopt;
  finding->law = "deterministic";
  identify(*finding, target_, question);
  return Wrong{*std::move(finding), row};
}

bool Asker::proper(const Row& row) const {
  const auto infinite = [](double v) { return std::isinf(v); };
  return impls::length(target_.map, row) > 0 && consistent(target_.map, row) &&
         impls::in_domain(target_.claim, row, format_) && (format_.infinities || std::ranges::none_of(row.x, infinite));
}

std::optional<Wrong> Asker::judged(const Row& row, const Answer& answer, Place place, Look look) const {
  const auto question = reference::spelled_out(target_.map, format_, row);
  auto finding = broken(question, answer, place, look);
  if (!finding) return std::nullopt;
  identify(*finding, target_, question);
  return Wrong{*std::move(finding), row};
}

std::optional<Finding> Asker::broken(const reference::Case& question, const Answer& answer, Place place,
                                     Look look) const {
  const Row& row = question.row;
  if (reference::special(target_.map, row) == reference::Special::empty) return wrote(answer);
  reference::Exact exact;
  std::vector<impls::Bound> bounds;
  const Evidence evidence{target_, question, exact, answer, bounds, Care::of_many, place == Place::among_others};
  if (auto finding = hold(of_writing, evidence)) return finding;
  if (reference::special(target_.map, row) != reference::Special::none) return of_special_laws(evidence);
  const bool finite = std::ranges::all_of(answer.y, [](double v) { return std::isfinite(v); });
  if (look == Look::at_what_is_written && finite) return std::nullopt;
  if (!proper(row)) return std::nullopt;
  reference::certify_into(target_.map, format_, row, exact);
  if (out_of_reach(exact)) return std::nullopt;
  bounds = slack(target_, format_, row);
  return hold(of_errors, evidence);
}

Wrong Asker::accident(const Accident& met, const Row& row) const {
  return {finding_of(met, target_, reference::spelled_out(target_.map, format_, row)), row, met};
}

}  // namespace audit::properties
