#include "reports/update.hpp"

#include <fmt/format.h>

#include <map>

#include "reports/difference.hpp"
#include "reports/gate_key.hpp"
#include "reports/text.hpp"

namespace audit::reports {
namespace {

/// The records whose figures are known, as a baseline.
Baseline known_figures(const std::vector<Record>& candidate) {
  std::vector<Record> known;
  for (const Record& record : candidate) {
    const Verdict alone = judge(record, nullptr);
    if (alone != Verdict::vacuous && alone != Verdict::undecided) known.push_back(record);
  }
  return baseline_of(known);
}

/// What differs, and for other rows both questions.
std::string change(const Entry& before, const Entry& now) {
  if (step(before, now) != Step::other_rows) return difference(before, now).detail;
  const auto asked = [](const Entry& entry) {
    const std::string found = figures(entry);
    return question(entry) + (found.empty() ? "" : ", " + found);
  };
  return fmt::format("{}; was {}", asked(now), asked(before));
}

/// What the entry's note says of the one before.
std::string was(const Entry& before, Step step) {
  const std::string found = figures(before);
  const std::string mean = before.mean_abs_ulp ? fmt::format("; {} ulp on average", *before.mean_abs_ulp) : "";
  if (step != Step::other_rows) return found + mean;
  return question(before) + (found.empty() ? "" : ", " + found + mean);
}

/// Notes in `now` what the figures were, where they differ, and lists the change.
void note(const Entry& before, Entry& now, const std::string& because, Update& update) {
  const Step taken = step(before, now);
  if (taken == Step::same) {
    now.was = before.was;
    now.because = before.because;
    return;
  }
  const bool better = taken == Step::better;
  const std::string witness = taken == Step::other_rows ? now.max_ulp_case : difference(before, now).witness;
  const Verdict verdict = better ? Verdict::improved : Verdict::regressed;
  (better ? update.improved : update.loosened)
      .push_back({verdict, before, now, change(before, now), witness.empty() ? "" : replay_line(now.target, witness)});
  now.was = was(before, taken);
  if (!better) now.because = because;
}

}  // namespace

Update update(const std::optional<Baseline>& before, const std::vector<Record>& candidate, const std::string& because) {
  Baseline now = known_figures(candidate);
  if (before && before->platform != now.platform) {
    throw std::runtime_error(fmt::format("of another platform ({}; the candidate is of {}); give another file",
                                         describe(before->platform), describe(now.platform)));
  }
  Update update;
  update.baseline.platform = now.platform;
  std::map<Key, Entry> entries;
  if (before) {
    for (const Entry& entry : before->entries) entries.emplace(key(entry), entry);
  }
  update.unasked = entries.size();
  for (Entry& entry : now.entries) {
    const auto [at, added] = entries.try_emplace(key(entry), entry);
    if (added) {
      ++update.added;
      continue;
    }
    --update.unasked;
    note(at->second, entry, one_line(because), update);
    at->second = std::move(entry);
  }
  for (auto& [key, entry] : entries) update.baseline.entries.push_back(std::move(entry));
  return update;
}

std::string told(const std::vector<Judged>& loosened) {
  const Judged& first = loosened.front();
  const std::string more = loosened.size() > 1 ? fmt::format(", and {} more", loosened.size() - 1) : "";
  return one_line(fmt::format("{}: {}{}", describe(key(*first.now)), first.detail, more));
}

}  // namespace audit::reports
