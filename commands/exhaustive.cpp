#include "bench/exhaustive.hpp"

#include <fmt/format.h>

#include <cmath>

#include "commands/common.hpp"
#include "reports/progress.hpp"

namespace audit::commands {
namespace {

std::uint64_t count(const reports::Record& record, const std::string& outcome) {
  const auto found = record.outcomes.find(outcome);
  return found == record.outcomes.end() ? 0 : found->second;
}

void print(const reports::Record& r) {
  const std::uint64_t correct = count(r, "exact") + count(r, "correctly rounded");
  std::uint64_t all = 0;
  for (const auto& [outcome, times] : r.outcomes) all += times;
  fmt::print("{} {} {}, {} n={}: {} of {} answers correctly rounded", r.target, r.map, r.format, r.family, r.n, correct,
             all);
  for (const auto& [outcome, times] : r.outcomes)
    if (outcome != "exact" && outcome != "correctly rounded") fmt::print(", {} {}", times, outcome);
  fmt::print("; {} special rows\n", r.special_rows);
  if (r.max_ulp) fmt::print("  worst {:+.9f} ulp, {}#{}\n", *r.max_ulp, r.max_ulp_case, r.max_ulp_element);
  if (r.proved_by_enumeration) fmt::print("  proved by enumeration of {} rows\n", r.rows);
}

}  // namespace

std::vector<Enumeration> enumerations(const Targets& targets) {
  std::vector<Enumeration> found;
  for (const auto* target : targets)
    for (bench::Unit& space : bench::spaces(*target)) found.push_back({target, std::move(space)});
  return found;
}

Records enumerate(const std::vector<Enumeration>& asked, reports::Journal* journal, const std::stop_token& stop) {
  Records records;
  for (const auto& [target, rows] : asked) {
    reports::Progress progress(bench::key(target->name, rows));
    const auto on_done = [&](const reports::Record& part, double fraction) {
      if (journal) journal->append({part});
      progress.at(fraction);
    };
    auto record = bench::enumerate(*target, rows, journal ? journal->found() : Records(), on_done, stop);
    if (!record) throw Stopped("stopped; what was measured is kept, --resume goes on from there");
    print(*record);
    records.push_back(*std::move(record));
  }
  return records;
}

}  // namespace audit::commands
