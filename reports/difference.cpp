#include "reports/difference.hpp"

#include <fmt/format.h>

namespace audit::reports {
namespace {

std::uint64_t count(const Entry& entry, const std::string& outcome) {
  const auto found = entry.outcomes.find(outcome);
  return found == entry.outcomes.end() ? 0 : found->second;
}

std::string witness(const Entry& entry, const std::string& outcome) {
  const auto found = entry.witnesses.find(outcome);
  return found == entry.witnesses.end() ? "" : found->second;
}

std::string maximum(const Entry& entry) {
  if (!entry.max_ulp) return "no number";
  return fmt::format("{:+} ulp at {}#{}", *entry.max_ulp, entry.max_ulp_case, entry.max_ulp_element);
}

void append(std::string& list, const std::string& text) { list += (list.empty() ? "" : "; ") + text; }

/// Outcomes without a number, those of the later entry first.
void tell_outcomes(const Entry& before, const Entry& now, Difference& told) {
  for (const Entry* entry : {&now, &before}) {
    for (const auto& [outcome, unused] : entry->outcomes) {
      const std::uint64_t was = count(before, outcome), is = count(now, outcome);
      if (has_number(outcome) || was == is || (entry == &before && is > 0)) continue;
      const std::string at = is > was ? witness(now, outcome) : witness(before, outcome);
      append(told.detail, fmt::format("{} {} (was {}), as at {}", is, outcome, was, at));
      if (is > was && told.witness.empty()) told.witness = at;
    }
  }
}

/// The case of a row by its place, as the largest error names its own; "" where that names none.
std::string case_of(const Entry& entry, std::size_t row) {
  constexpr std::string_view before = ":index=";
  const std::size_t at = entry.max_ulp_case.rfind(before);
  return at == std::string::npos ? "" : fmt::format("{}{}{}", entry.max_ulp_case.substr(0, at), before, row);
}

/// The rows that are answered otherwise, where both entries have their digests.
std::vector<std::size_t> other_answers(const Entry& before, const Entry& now) {
  std::vector<std::size_t> rows;
  if (before.row_digests.size() != now.row_digests.size()) return rows;
  for (std::size_t at = 0; at < now.row_digests.size(); at += digest_size)
    if (before.row_digests.compare(at, digest_size, now.row_digests, at, digest_size) != 0)
      rows.push_back(at / digest_size);
  return rows;
}

/// Which rows an average is other by.
void tell_rows(const Entry& before, const Entry& now, Difference& told) {
  const std::vector<std::size_t> rows = other_answers(before, now);
  if (rows.empty()) return;
  const std::string first = case_of(now, rows.front());
  append(told.detail, fmt::format("{} of {} rows answered otherwise, {}{}", rows.size(),
                                  now.row_digests.size() / digest_size, rows.size() > 1 ? "the first " : "", first));
  if (told.witness.empty()) told.witness = first;
}

}  // namespace

Record as_record(const Entry& entry) {
  Record record;
  record.kind = entry.kind;
  record.seed = entry.seed;
  record.rows = entry.rows;
  record.max_ulp = entry.max_ulp;
  record.mean_abs_ulp = entry.mean_abs_ulp;
  record.outcomes = entry.outcomes;
  return record;
}

Step step(const Entry& before, const Entry& now) {
  const Record was = as_record(before), is = as_record(now);
  if (!comparable(is, was)) return Step::other_rows;
  if (worse(is, was)) return Step::worse;
  return worse(was, is) ? Step::better : Step::same;
}

Difference difference(const Entry& before, const Entry& now) {
  Difference told;
  tell_outcomes(before, now, told);
  if (before.max_ulp != now.max_ulp) append(told.detail, maximum(now) + ", was " + maximum(before));
  if (means_compare(as_record(before), as_record(now)) && before.mean_abs_ulp != now.mean_abs_ulp) {
    append(told.detail, fmt::format("{} ulp on average, was {}", *now.mean_abs_ulp, *before.mean_abs_ulp));
    if (before.max_ulp == now.max_ulp) {
      append(told.detail, "at most " + maximum(now) + ", as before");
      tell_rows(before, now, told);
    }
  }
  if (told.witness.empty()) told.witness = now.max_ulp_case;
  return told;
}

std::string figures(const Entry& entry) {
  std::string text;
  if (entry.max_ulp) text = maximum(entry);
  for (const auto& [outcome, times] : entry.outcomes) {
    if (has_number(outcome)) continue;
    append(text, fmt::format("{} {}, as at {}", times, outcome, witness(entry, outcome)));
  }
  return text;
}

std::string question(const Entry& entry) { return fmt::format("{} rows of seed {}", entry.rows, entry.seed); }

}  // namespace audit::reports
