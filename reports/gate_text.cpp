#include <fmt/format.h>

#include <map>

#include "reports/difference.hpp"
#include "reports/gate.hpp"
#include "reports/gate_key.hpp"
#include "reports/text.hpp"

namespace audit::reports {
namespace {

bool worth_a_line(const Judged& judged) {
  if (judged.verdict == Verdict::absent && judged.before && judged.now) return false;  // it was absent before
  return judged.verdict != Verdict::unchanged && !(judged.verdict == Verdict::fresh && judged.detail.empty());
}

/// Verdict, key and detail in a line, and its replay in another.
std::string told(const Judged& judged) {
  const Entry& entry = judged.now ? *judged.now : *judged.before;
  const auto line = [](std::string_view word, const std::string& rest) {
    return one_line(fmt::format("{:<11} {}", word, rest)) + '\n';
  };
  const std::string text = line(label(judged.verdict), fmt::format("{}: {}", describe(key(entry)), judged.detail));
  return judged.replay.empty() ? text : text + line("", judged.replay);
}

}  // namespace

std::string terminal_gate(const GateResult& result) {
  std::map<Verdict, std::size_t> counts;
  for (const Judged& judged : result.keys) ++counts[judged.verdict];
  std::string text = fmt::format("{}: {}", fails(result.verdict) ? "red" : "green", label(result.verdict));
  std::string between = " (";
  for (const auto& [verdict, count] : counts) {
    text += fmt::format("{}{} {}", between, count, label(verdict));
    between = ", ";
  }
  text += counts.empty() ? "\n" : ")\n";
  if (!result.note.empty()) text += one_line(result.note) + '\n';
  for (const bool failing : {true, false}) {
    for (const Judged& judged : result.keys) {
      if (fails(judged.verdict) == failing && worth_a_line(judged)) text += told(judged);
    }
  }
  return text;
}

std::string acceptance(const GateResult& result, const std::string& baseline, const std::string& candidate) {
  bool improved = false, loosened = false;
  for (const Judged& judged : result.keys) {
    if (!judged.before || !judged.now) continue;
    const Step taken = step(*judged.before, *judged.now);
    improved |= taken == Step::better;
    loosened |= taken == Step::worse || taken == Step::other_rows;
  }
  if (!improved && !loosened) return "";
  return fmt::format("{} gate --update{} --baseline {} --candidate {}", program_name(),
                     loosened ? " --because 'WHY'" : "", shell_word(baseline), shell_word(candidate));
}

}  // namespace audit::reports
