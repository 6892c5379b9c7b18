#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "reports/gate.hpp"
#include "reports/gate_key.hpp"
#include "reports/markdown.hpp"
#include "reports/text.hpp"

namespace audit::reports {
namespace {

constexpr std::size_t most_changes = 16;

/// The order in which changes are told: what regressed, then what else fails, then what is better.
int rank(const Judged& judged) {
  if (judged.verdict == Verdict::regressed) return 0;
  return fails(judged.verdict) ? 1 : 2;
}

/// What is told one by one: keys without a change, new ones and missing ones are only counted.
std::vector<const Judged*> changes(const GateResult& result) {
  std::vector<const Judged*> told;
  for (const Judged& judged : result.keys) {
    const bool asked_other_rows = judged.verdict == Verdict::fresh && judged.before;
    if (fails(judged.verdict) || judged.verdict == Verdict::improved || asked_other_rows) told.push_back(&judged);
  }
  std::ranges::stable_sort(told, {}, [](const Judged* judged) { return rank(*judged); });
  return told;
}

std::string item(const Judged& judged) {
  const std::string name = describe(key(judged.now ? *judged.now : *judged.before));
  const std::string replay = judged.replay.empty() ? "" : ": " + markdown_code(judged.replay);
  return fmt::format("- **{}** {}: {}{}\n", label(judged.verdict), markdown_text(name), markdown_text(judged.detail),
                     replay);
}

std::string change_list(const GateResult& result) {
  const std::vector<const Judged*> told = changes(result);
  if (told.empty()) return "";
  std::string text = "\n## What changed\n\n";
  for (std::size_t i = 0; i < std::min(told.size(), most_changes); ++i) text += item(*told[i]);
  if (told.size() > most_changes) text += fmt::format("- and {} more\n", told.size() - most_changes);
  return text;
}

/// "1 regressed, 2 improved, 97 unchanged"
std::string counts(const GateResult& result) {
  std::map<Verdict, std::size_t> of;
  for (const Judged& judged : result.keys) ++of[judged.verdict];
  std::string text;
  for (const auto& [verdict, count] : of)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, label(verdict));
  return text.empty() ? "nothing was judged" : text;
}

/// The candidate with the gate's verdicts in the place of its own.
std::vector<Record> judged_records(const GateResult& result, std::vector<Record> records) {
  std::map<Key, Verdict> verdicts;
  for (const Judged& judged : result.keys) {
    if (!judged.now) continue;
    const auto [at, added] = verdicts.emplace(key(*judged.now), judged.verdict);
    if (!added) at->second = std::min(at->second, judged.verdict);
  }
  for (Record& record : records) {
    const auto found = verdicts.find(key(entry_of(record)));
    if (found != verdicts.end()) record.verdict = label(found->second);
  }
  return records;
}

}  // namespace

std::string gate_markdown(const GateResult& result, const std::vector<Record>& candidate,
                          const std::string& acceptance) {
  std::string text = fmt::format("# softmax-audit gate: {}, {}\n\n{}.\n", fails(result.verdict) ? "red" : "green",
                                 label(result.verdict), counts(result));
  if (!result.note.empty()) text += fmt::format("\n{}.\n", markdown_text(result.note));
  text += change_list(result);
  if (!acceptance.empty()) text += fmt::format("\nTo make this the baseline: {}\n", markdown_code(acceptance));
  const std::size_t room = most_markdown_lines - line_count(text) - 1;
  return text + "\n#" + markdown(judged_records(result, candidate), {}, room);
}

}  // namespace audit::reports
