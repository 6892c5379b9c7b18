#include <fmt/format.h>

#include <algorithm>

#include "reports/comparison.hpp"
#include "reports/gate_key.hpp"
#include "reports/text.hpp"

namespace audit::reports {
namespace {

constexpr std::size_t most_worse = 10, most_better = 5, most_targets = 8;

std::string line(std::string_view word, const std::string& rest) {
  return one_line(fmt::format("{:<7} {}", word, rest)) + '\n';
}

std::string name(const Record& record) { return describe(key(entry_of(record))); }

std::string from(const Overview& run) {
  if (!run.provenance) return "";
  const auto& [build, machine] = *run.provenance;
  return fmt::format("commit {}, {}, {}, {}, {}, seed {}", build.commit, build.compiler, machine.isa, machine.libm,
                     machine.cpu, seeds(run));
}

std::string more(std::string_view word, std::size_t all, std::size_t shown) {
  return all > shown ? line(word, fmt::format("and {} more, on the page", all - shown)) : "";
}

std::string changes(std::string_view word, const std::vector<Moved>& all, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < std::min(all.size(), most); ++i) {
    const MovedRow row = moved_row(all[i]);
    text += line(word, name(*all[i].now) + ": " + all[i].detail);
    if (!row.now_replay.empty()) text += line("", "now: " + row.now_replay);
    if (!row.before_replay.empty() && row.before_replay != row.now_replay)
      text += line("", "was: " + row.before_replay);
  }
  return text + more(word, all.size(), most);
}

std::string turns(std::string_view word, const std::vector<Turned>& all, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < std::min(all.size(), most); ++i) {
    text += line(word, fmt::format("{}: {}{}", name(*all[i].record), all[i].what,
                                   all[i].asked_elsewhere ? "" : " (not asked in the other run)"));
    if (!all[i].replay.empty()) text += line("", all[i].replay);
  }
  return text + more(word, all.size(), most);
}

/// Targets of which something moved, those with the most that is worse first.
std::vector<TargetChange> moved_targets(const Comparison& comparison) {
  std::vector<TargetChange> all = comparison.targets;
  std::erase_if(all, [](const TargetChange& one) { return one.worse + one.better == 0; });
  std::ranges::stable_sort(all, std::greater(),
                           [](const TargetChange& one) { return std::pair(one.worse, one.better); });
  return all;
}

std::string outcome(const OutcomeChange& one) {
  return fmt::format("{} {} {}: {} {}, was {}", one.target, one.map, one.format, one.now, one.outcome, one.before);
}

}  // namespace

std::string terminal_comparison(const Comparison& comparison, const Names& names) {
  std::string text = line("was", fmt::format("{}: {}", names.before, from(comparison.before)));
  text += line("now", fmt::format("{}: {}", names.now, from(comparison.now)));
  text += title(comparison) + '\n';
  text += changes("worse", comparison.worse, most_worse) + turns("broken", comparison.broken, most_worse);
  text += changes("better", comparison.better, most_better) + turns("mended", comparison.mended, most_better);
  const auto targets = moved_targets(comparison);
  for (std::size_t i = 0; i < std::min(targets.size(), most_targets); ++i) {
    const TargetChange& one = targets[i];
    text += line("of", fmt::format("{} {} {}: {} worse, {} better, {} as before", one.target, one.map, one.format,
                                   one.worse, one.better, one.same));
  }
  text += more("of", targets.size(), most_targets);
  for (const std::string& reservation : reservations(comparison, names)) text += one_line(reservation) + ".\n";
  return text;
}

namespace {

std::string cell(const std::string& text) { return markdown_text(text); }

std::string item(const std::string& what, const std::string& rest, const std::string& replay) {
  return fmt::format("- **{}** {}{}\n", cell(what), cell(rest), replay.empty() ? "" : ": " + markdown_code(replay));
}

std::string section(std::string_view heading, const std::vector<Moved>& moved, const std::vector<Turned>& turned,
                    std::size_t most) {
  if (moved.empty() && turned.empty()) return "";
  std::string text = fmt::format("\n## {}\n\n", heading);
  for (std::size_t i = 0; i < std::min(moved.size(), most); ++i) {
    text += item(name(*moved[i].now), moved[i].detail, moved_row(moved[i]).now_replay);
  }
  for (std::size_t i = 0; i < std::min(turned.size(), most / 2); ++i) {
    text += item(name(*turned[i].record), turned[i].what, turned[i].replay);
  }
  const std::size_t hidden =
      moved.size() - std::min(moved.size(), most) + turned.size() - std::min(turned.size(), most / 2);
  return hidden == 0 ? text : text + fmt::format("- and {} more, on the page\n", hidden);
}

std::string table(const std::vector<TargetChange>& targets) {
  if (targets.empty()) return "";
  std::string text =
      "\n| target | map | format | worse | better | as before |\n| --- | --- | --- | ---: | ---: | ---: |\n";
  for (std::size_t i = 0; i < std::min(targets.size(), most_targets); ++i) {
    const TargetChange& one = targets[i];
    text += fmt::format("| {} | {} | {} | {} | {} | {} |\n", cell(one.target), cell(one.map), cell(one.format),
                        one.worse, one.better, one.same);
  }
  if (targets.size() > most_targets) text += fmt::format("\n{} more on the page.\n", targets.size() - most_targets);
  return text;
}

std::string outcome_list(const std::vector<OutcomeChange>& outcomes) {
  std::string text;
  std::size_t shown = 0;
  for (const OutcomeChange& one : outcomes) {
    if (!has_number(one.outcome) && shown++ < most_targets)
      text += fmt::format("{}{}", text.empty() ? "" : "; ", cell(outcome(one)));
  }
  return text.empty() ? "" : "\nElements without a number: " + text + ".\n";
}

}  // namespace

std::string markdown_comparison(const Comparison& comparison, const Names& names) {
  std::string text = fmt::format("# softmax-audit: {}\n\n", title(comparison));
  text += fmt::format("{} ({}), held against {} ({}).\n", cell(names.now), cell(from(comparison.now)),
                      cell(names.before), cell(from(comparison.before)));
  text += section("What got worse", comparison.worse, comparison.broken, most_worse);
  text += section("What got better", comparison.better, comparison.mended, most_better);
  text += table(moved_targets(comparison)) + outcome_list(comparison.outcomes) + '\n';
  for (const std::string& reservation : reservations(comparison, names)) text += cell(reservation) + ". ";
  return text.substr(0, text.find_last_not_of(' ') + 1) + '\n';
}

}  // namespace audit::reports
