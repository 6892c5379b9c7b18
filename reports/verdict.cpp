#include "reports/verdict.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace audit::reports {
namespace {

constexpr std::array<std::string_view, 12> labels{"absent",    "vacuous",    "undecided", "crashed",
                                                  "timed out", "trespassed", "broke law", "broke claim",
                                                  "regressed", "improved",   "new",       "unchanged"};

std::uint64_t count(const Record& record, const std::string& outcome) {
  const auto found = record.outcomes.find(outcome);
  return found == record.outcomes.end() ? 0 : found->second;
}

bool vacuous(const Record& record) { return record.kind != "contract" && record.rows == 0; }

bool claim_broken(const Record& record) {
  if (record.kind == "speed") return !record.ns_median;
  if (record.kind != "accuracy") return false;
  return !record.findings.empty() || !(record.bound_utilisation.value_or(0) <= 1);
}

/// What the comparison with a target timed beside it says, where there is one.
std::string_view timed_against(const Record& record) {
  if (!record.comparison || !record.comparison->ratio_low || !record.comparison->ratio_high) return "";
  return time_difference(*record.comparison->ratio_low, *record.comparison->ratio_high, record.comparison->threshold);
}

}  // namespace

std::string_view label(Verdict verdict) { return labels[static_cast<std::size_t>(verdict)]; }

std::optional<Verdict> find_verdict(std::string_view label) {
  const auto found = std::find(labels.begin(), labels.end(), label);
  if (found == labels.end()) return std::nullopt;
  return static_cast<Verdict>(found - labels.begin());
}

bool has_number(std::string_view outcome) {
  constexpr std::array<std::string_view, 4> numbered{"exact", "correctly rounded", "faithful", "off"};
  return std::find(numbered.begin(), numbered.end(), outcome) != numbered.end();
}

bool comparable(const Record& record, const Record& baseline) {
  return record.kind == baseline.kind && record.seed == baseline.seed && record.rows == baseline.rows;
}

bool means_compare(const Record& record, const Record& baseline) {
  const auto numbered = [](const Record& one) {
    std::uint64_t sum = 0;
    for (const auto& [outcome, times] : one.outcomes) sum += has_number(outcome) ? times : 0;
    return sum;
  };
  return record.mean_abs_ulp && baseline.mean_abs_ulp && numbered(record) == numbered(baseline);
}

bool worse(const Record& record, const Record& baseline) {
  for (const auto& [outcome, times] : record.outcomes) {
    if (!has_number(outcome) && times > count(baseline, outcome)) return true;
  }
  if (record.findings.size() > baseline.findings.size()) return true;
  if (means_compare(record, baseline) && !(*record.mean_abs_ulp <= *baseline.mean_abs_ulp)) return true;
  return record.max_ulp && baseline.max_ulp && !(std::abs(*record.max_ulp) <= std::abs(*baseline.max_ulp));
}

Verdict judge(const Record& record, const Record* baseline) {
  if (!record.absent.empty()) return Verdict::absent;
  if (vacuous(record)) return Verdict::vacuous;
  if (record.undecided > 0) return Verdict::undecided;
  if (count(record, "crashed") > 0) return Verdict::crashed;
  if (count(record, "timed out") > 0) return Verdict::timed_out;
  if (count(record, "trespassed") > 0) return Verdict::trespassed;
  if (record.kind == "law" && !record.findings.empty()) return Verdict::broke_law;
  if (claim_broken(record)) return Verdict::broke_claim;
  if (timed_against(record) == "slower") return Verdict::regressed;
  if (timed_against(record) == "faster") return Verdict::improved;
  if (baseline == nullptr || !comparable(record, *baseline)) return Verdict::fresh;
  if (worse(record, *baseline)) return Verdict::regressed;
  if (worse(*baseline, record)) return Verdict::improved;
  return Verdict::unchanged;
}

Verdict overall(const std::vector<Verdict>& verdicts) {
  Verdict first = Verdict::unchanged;
  bool checked = false;
  for (const Verdict verdict : verdicts) {
    if (verdict == Verdict::absent) continue;
    checked = true;
    first = std::min(first, verdict);
  }
  return checked ? first : Verdict::vacuous;
}

}  // namespace audit::reports
