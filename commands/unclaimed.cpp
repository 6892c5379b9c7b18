#include "commands/unclaimed.hpp"

#include <algorithm>
#include <tuple>

#include "bench/tally.hpp"
#include "properties/evidence.hpp"
#include "properties/expected.hpp"

namespace audit::commands {
namespace {

constexpr const char* law = "error within claim";

}  // namespace

bench::Seen Unclaimed::seen() {
  return [this](const impls::Implementation& target, const reference::Case& question, const reference::Exact& exact,
                const bench::Trial& trial) {
    const bool silent = !target.claim.bounds && trial.in_domain && !properties::out_of_reach(exact);
    if (silent) look(target, question, exact, trial);
  };
}

void Unclaimed::look(const impls::Implementation& target, const reference::Case& question,
                     const reference::Exact& exact, bench::Trial trial) {
  bench::hold(target, exact, properties::slack(target, question.format, question.row), trial);
  auto broken = bench::broken_claim(target, question, exact, trial);
  if (!broken) return;
  broken->source = properties::slack_source(target);
  Found found{&target, question.format, exact.size(), *std::move(broken)};
  const auto place = [](const Found& f) { return std::tie(f.n, f.finding.case_id); };
  const std::scoped_lock lock(mutex_);
  const auto known =
      std::ranges::find_if(all_, [&](const Found& f) { return f.target == found.target && f.format == found.format; });
  if (known == all_.end())
    all_.push_back(std::move(found));
  else if (place(found) < place(*known))
    *known = std::move(found);
}

void Unclaimed::report(Records& records) const {
  for (const Found& found : all_) {
    const auto record = std::ranges::find_if(records, [&](const reports::Record& r) {
      return r.kind == "law" && r.family == law && is_of(r, *found.target) && r.format == found.format.name;
    });
    // What a law has shown already, on a row that was made small, needs no other.
    if (record != records.end() && record->findings.empty()) record->findings.push_back(found.finding);
  }
}

}  // namespace audit::commands
