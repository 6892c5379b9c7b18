#include "reports/shortfalls.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <limits>

#include "reports/rows.hpp"
#include "reports/summary.hpp"
#include "reports/verdict.hpp"

namespace audit::reports {
namespace {

/// Splits a witness "CASE#ELEMENT" into a finding.
void point_to(Finding& finding, const std::string& witness) {
  const std::size_t hash = witness.rfind('#');
  finding.case_id = witness.substr(0, hash);
  if (hash == std::string::npos) return;
  const std::string element = witness.substr(hash + 1);
  if (!element.empty() && element.size() < 19 && element.find_first_not_of("0123456789") == std::string::npos)
    finding.element = std::stoull(element);
}

/// The row with the largest error that has a number.
std::string worst_row(const Record& record) {
  return record.max_ulp_case.empty() ? "" : fmt::format("{}#{}", record.max_ulp_case, record.max_ulp_element);
}

void say_unnumbered(Finding& finding, const Record& record) {
  finding.got = unnumbered(record);
  finding.want = "a number within its bound";
  const auto witness = record.witnesses.find(worst_unnumbered(record));
  if (witness != record.witnesses.end()) point_to(finding, witness->second);
}

void say_error(Finding& finding, const Record& record) {
  const double used = record.bound_utilisation.value_or(std::numeric_limits<double>::quiet_NaN());
  finding.got = fmt::format("an error of {} times its bound", digits(used));
  finding.want = "at most the bound that it claims";
  point_to(finding, record.utilisation_case);
  if (record.utilisation_case != worst_row(record)) return;
  finding.ulp = record.max_ulp;
  finding.bound = record.max_ulp_bound;
}

/// Got, want and the row, of a record that has no finding to show.
void say(Finding& finding, const Record& record, Verdict verdict) {
  if (verdict == Verdict::vacuous) {
    finding.got = "no row was asked";
    finding.want = "at least one";
  } else if (verdict == Verdict::undecided) {
    finding.got = fmt::format("{} elements whose exact rounding stayed open", record.undecided);
    finding.want = "none";
  } else if (verdict == Verdict::regressed) {
    finding.got = "worse than the baseline";
    finding.want = "as in the baseline, or better";
    point_to(finding, worst_row(record));
  } else if (record.kind == "speed" && verdict == Verdict::broke_claim) {
    finding.got = "a wrong answer, which is not timed";
    finding.want = "an answer within its claim";
  } else if (!worst_unnumbered(record).empty()) {
    say_unnumbered(finding, record);
  } else {
    say_error(finding, record);
  }
}

}  // namespace

std::vector<Finding> shortfalls(const Record& record) {
  const Verdict verdict = verdict_of(record);
  if (!fails(verdict)) return {};
  if (!record.findings.empty()) return record.findings;
  Finding finding;
  finding.law = record.kind == "law" ? record.family : claim_rule;
  finding.map = record.map;
  finding.format = record.format;
  finding.source = record.claim;
  say(finding, record, verdict);
  if (!finding.case_id.empty()) finding.replay = replay_line(record.target, finding.case_id);
  return {finding};
}

double severity(const Finding& finding) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  return !finding.ulp || std::isnan(*finding.ulp) ? infinity : std::abs(*finding.ulp);
}

std::string words(const Finding& finding) {
  std::string text;
  if (finding.element) text += fmt::format("element {}: ", *finding.element);
  text += fmt::format("got {}, want {}", finding.got, finding.want);
  if (finding.ulp) text += fmt::format(", {} ulp", digits(*finding.ulp, true));
  if (finding.bound) text += fmt::format(", bound {}", digits(*finding.bound));
  if (!finding.source.empty()) text += fmt::format(" ({})", finding.source);
  return text;
}

std::string unnumbered(const Record& record) {
  std::vector<std::string> all;
  for (const auto& [label, count] : record.outcomes)
    if (!has_number(label)) all.push_back(fmt::format("{} {}", count, label));
  return fmt::format("{}", fmt::join(all, ", "));
}

}  // namespace audit::reports
