#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "reports/junit.hpp"
#include "reports/shortfalls.hpp"
#include "reports/summary.hpp"

namespace audit::reports {
namespace {

constexpr std::size_t most_findings = 20;

/// The records of one test case.
struct Group {
  std::string name;
  std::vector<const Record*> records;
};

std::string case_name(const Record& record) {
  if (record.kind == "law") return record.family;
  return record.kind == "accuracy" ? "claim" : record.kind;
}

/// A contract that is kept and the time of a copy say nothing about a target.
bool is_judged(const Record& record) {
  const bool judged = record.kind != "contract" && record.target != copy_target;
  return judged || !record.absent.empty() || fails(verdict_of(record));
}

/// In the order of the records.
std::vector<Group> groups(const std::vector<Record>& records) {
  std::vector<Group> all;
  std::map<std::vector<std::string>, std::size_t> index;
  for (const Record& record : records) {
    if (!is_judged(record)) continue;
    const std::string name = case_name(record);
    const auto [at, added] =
        index.emplace(std::vector{record.kind, record.target, record.map, record.format, name}, all.size());
    if (added) all.push_back({name, {}});
    all[at->second].records.push_back(&record);
  }
  return all;
}

/// Why nothing was judged; "" where something was.
std::string why_not(const Group& group) {
  std::string why;
  for (const Record* record : group.records) {
    if (!record->absent.empty()) {
      why = record->absent;
    } else if (record->kind == "accuracy" && !record->bound_utilisation && !fails(verdict_of(*record))) {
      why = record->claim.empty() ? "it claims nothing; its errors are measured and not judged"
                                  : "no row that was asked is in the domain of its claim";
    } else {
      return "";
    }
  }
  return why;
}

struct Wrong {
  const Record* record;
  Finding finding;
};

/// Worst first.
std::vector<Wrong> wrongs(const Group& group) {
  std::vector<Wrong> all;
  for (const Record* record : group.records)
    for (const Finding& finding : shortfalls(*record)) all.push_back({record, finding});
  std::ranges::stable_sort(all, std::greater{}, [](const Wrong& wrong) { return severity(wrong.finding); });
  return all;
}

std::string place(const Record& record) {
  return record.kind == "law" || record.family.empty() ? "" : fmt::format("{}/{}: ", record.family, record.n);
}

std::vector<std::string> lines_on(const std::vector<Wrong>& all) {
  std::vector<std::string> lines;
  const std::size_t shown = std::min(all.size(), most_findings);
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& [record, finding] = all[i];
    lines.push_back(fmt::format("{}{}: {}", place(*record), finding.law, words(finding)));
    if (const std::string what = unnumbered(*record); !what.empty())
      lines.push_back(fmt::format("  without a number: {}", what));
    if (!finding.replay.empty()) lines.push_back("  " + finding.replay);
  }
  if (all.size() > shown) lines.push_back(fmt::format("and {} more in records.jsonl", all.size() - shown));
  return lines;
}

JunitCase case_of(const Group& group) {
  const Record& first = *group.records.front();
  JunitCase made{
      junit_classname(first.map, first.format, first.target), group.name, Verdict::absent, why_not(group), {}};
  if (!made.detail.empty()) return made;
  std::vector<Verdict> verdicts;
  for (const Record* record : group.records) verdicts.push_back(verdict_of(*record));
  made.verdict = overall(verdicts);
  const std::vector<Wrong> all = wrongs(group);
  if (all.empty()) return made;
  made.detail = place(*all[0].record) + words(all[0].finding);
  if (all.size() > 1) made.detail += fmt::format(", and {} more", all.size() - 1);
  made.lines = lines_on(all);
  return made;
}

}  // namespace

std::string junit(const std::vector<Record>& records) {
  std::vector<JunitCase> cases;
  for (const Group& group : groups(records)) cases.push_back(case_of(group));
  const auto failing = [](const JunitCase& one) { return fails(one.verdict); };
  if (fails(verdict_of(records)) && std::ranges::none_of(cases, failing))
    cases.insert(cases.begin(), {"run", "run", Verdict::vacuous, "nothing was checked", {}});
  return junit("softmax-audit", cases);
}

}  // namespace audit::reports
