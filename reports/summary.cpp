#include "reports/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>

namespace audit::reports {
namespace {

using Key = std::tuple<std::string, std::string, std::string>;

constexpr std::array<std::string_view, 10> by_weight{"crashed",  "timed out", "trespassed",   "unwritten",
                                                     "lost nan", "lost inf",  "spurious nan", "spurious inf",
                                                     "leaked",   "flushed"};

constexpr double infinity = std::numeric_limits<double>::infinity();

Key key(const Record& record) { return {record.target, record.map, record.format}; }

bool whole(const Record& record) {
  return record.rows_in_domain > 0 && record.rows_in_domain + record.special_rows == record.rows;
}

/// Elements without a number that the claim does not excuse, on rows that it speaks of.
std::uint64_t unnumbered_in_domain(const Record& record) {
  const bool excused = record.bound_utilisation && *record.bound_utilisation <= 1;
  if (excused || (!whole(record) && !record.bound_utilisation)) return 0;
  std::uint64_t sum = 0;
  for (const auto& [outcome, count] : record.outcomes) sum += has_number(outcome) ? 0 : count;
  return sum;
}

/// What a record is ranked by when the largest is kept; NaN is larger than every number.
double magnitude(const std::optional<double>& value) {
  if (!value) return -1;
  return std::isnan(*value) ? infinity : std::abs(*value);
}

template <class Rank>
void keep_larger(const Record*& best, const Record& record, Rank rank) {
  if (rank(record) >= 0 && (best == nullptr || rank(record) > rank(*best))) best = &record;
}

/// Rounded elements and all of them, to be divided in the end.
struct Tally {
  std::uint64_t rounded = 0;
  std::uint64_t all = 0;
};

void add_accuracy(Summary& summary, Tally& tally, const Record& record) {
  keep_larger(summary.tightest, record, [](const Record& r) { return magnitude(r.bound_utilisation); });
  if (unnumbered_in_domain(record) > 0) {
    keep_larger(summary.unnumbered, record,
                [](const Record& r) { return static_cast<double>(unnumbered_in_domain(r)); });
  }
  if (!in_domain(record)) return;
  keep_larger(summary.worst, record, [](const Record& r) { return magnitude(r.max_ulp); });
  for (const auto& [outcome, count] : record.outcomes) {
    tally.all += count;
    if (outcome == "exact" || outcome == "correctly rounded") tally.rounded += count;
  }
}

void add_enumeration(Summary& summary, const Record& record) {
  if (!record.proved_by_enumeration) return;
  if (summary.enumerations++ == 0) summary.proved = &record;
}

void add_law(Summary& summary, const Record& record) {
  if (record.rows == 0) return;
  ++summary.laws_tried;
  if (record.findings.empty()) ++summary.laws_kept;
}

void add_speed(Summary& summary, const Record& record) {
  if (record.cache != "in" || !record.ns_median) return;
  keep_larger(summary.in_cache, record, [](const Record& r) { return static_cast<double>(r.n); });
}

bool summarised(const Record& record) {
  return record.kind != "contract" && record.absent.empty() && record.target != copy_target;
}

}  // namespace

bool in_domain(const Record& record) { return whole(record) || (record.rows_in_domain > 0 && record.max_ulp_bound); }

std::string worst_unnumbered(const Record& record) {
  for (const std::string_view label : by_weight) {
    if (record.outcomes.contains(std::string(label))) return std::string(label);
  }
  for (const auto& [outcome, count] : record.outcomes) {
    if (!has_number(outcome)) return outcome;
  }
  return "";
}

Verdict verdict_of(const Record& record) {
  const Verdict own = judge(record, nullptr);
  if (fails(own) || own == Verdict::absent) return own;
  return find_verdict(record.verdict).value_or(own);
}

Verdict verdict_of(const std::vector<Record>& records) {
  std::vector<Verdict> verdicts;
  for (const Record& record : records) verdicts.push_back(verdict_of(record));
  return overall(verdicts);
}

Provenance provenance(const std::vector<Record>& records) {
  const auto values = [&](auto member) {
    std::vector<std::string> all;
    for (const Record& record : records) {
      const std::string& value = member(record);
      if (std::ranges::find(all, value) == all.end()) all.push_back(value);
    }
    return fmt::format("{}", fmt::join(all, "; "));
  };
  return {{values([](const Record& r) -> auto& { return r.build.compiler; }),
           values([](const Record& r) -> auto& { return r.build.flags; }),
           values([](const Record& r) -> auto& { return r.build.commit; })},
          {values([](const Record& r) -> auto& { return r.machine.cpu; }),
           values([](const Record& r) -> auto& { return r.machine.isa; }),
           values([](const Record& r) -> auto& { return r.machine.libm; })}};
}

Overview overview(const std::vector<Record>& records) {
  Overview all;
  const auto add = [](std::vector<std::string>& names, const std::string& name) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  };
  for (const Record& record : records) {
    if (record.kind == "contract" && !record.absent.empty()) all.absent.push_back(&record);
    if (!summarised(record)) continue;
    add(all.targets, record.target);
    if (fails(verdict_of(record))) add(all.falling_short, record.target);
    if (record.kind == "speed") continue;
    all.rows += record.rows;
    all.seeds.insert(record.seed);
    for (const auto& [outcome, count] : record.outcomes) all.elements += count;
  }
  if (all.seeds.size() > 1) all.seeds.erase(0);
  all.verdict = verdict_of(records);
  if (!records.empty()) all.provenance = provenance(records);
  return all;
}

std::string seeds(const Overview& all) { return fmt::format("{}", fmt::join(all.seeds, ", ")); }

std::string title(const Overview& all) { return std::string(fails(all.verdict) ? label(all.verdict) : "all holds"); }

std::string sentence(const Overview& all) {
  const std::size_t bad = all.falling_short.size();
  if (all.targets.empty()) return "nothing was checked";
  if (bad > 0) {
    return fmt::format("{} of {} {} short: {}", bad,
                       all.targets.size() == 1 ? "1 target" : fmt::format("{} targets", all.targets.size()),
                       bad == 1 ? "falls" : "fall", fmt::join(all.falling_short, ", "));
  }
  if (all.targets.size() == 1) return "1 target keeps every law that applies to it and every claim of its own";
  return fmt::format("{} targets keep every law that applies to them and every claim of their own", all.targets.size());
}

std::vector<Summary> summarise(const std::vector<Record>& records) {
  std::vector<Summary> summaries;
  std::vector<Tally> tallies;
  std::vector<std::vector<Verdict>> verdicts;
  std::map<Key, std::size_t> index;
  for (const Record& record : records) {
    if (!summarised(record)) continue;
    const auto [at, added] = index.emplace(key(record), summaries.size());
    if (added) {
      summaries.push_back({.target = record.target, .map = record.map, .format = record.format});
      tallies.emplace_back();
      verdicts.emplace_back();
    }
    Summary& summary = summaries[at->second];
    if (record.kind == "accuracy") add_accuracy(summary, tallies[at->second], record);
    add_enumeration(summary, record);
    if (record.kind == "law") add_law(summary, record);
    if (record.kind == "speed") add_speed(summary, record);
    verdicts[at->second].push_back(verdict_of(record));
  }
  for (std::size_t i = 0; i < summaries.size(); ++i) {
    summaries[i].verdict = overall(verdicts[i]);
    if (tallies[i].all == 0) continue;
    summaries[i].correctly_rounded = static_cast<double>(tallies[i].rounded) / static_cast<double>(tallies[i].all);
  }
  return summaries;
}

std::vector<Broken> broken(const std::vector<Record>& records) {
  const auto severity = [](const Finding& finding) { return finding.ulp ? magnitude(finding.ulp) : infinity; };
  std::vector<Broken> list;
  std::map<std::pair<Key, std::string>, std::size_t> index;
  for (const Record& record : records) {
    for (const Finding& finding : record.findings) {
      const auto [at, added] = index.emplace(std::pair{key(record), finding.law}, list.size());
      if (added) {
        list.push_back({&record, &finding});
        continue;
      }
      Broken& known = list[at->second];
      ++known.more;
      if (severity(finding) > severity(*known.finding)) known = {&record, &finding, known.more};
    }
  }
  return list;
}

const Record* worst_record(const Summary& summary) {
  return summary.unnumbered != nullptr ? summary.unnumbered : summary.worst;
}

}  // namespace audit::reports
