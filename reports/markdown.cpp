#include "reports/markdown.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/rows.hpp"
#include "reports/text.hpp"

namespace audit::reports {
namespace {

constexpr std::size_t most_findings = 12;
constexpr std::size_t most_rows = 30;
constexpr std::size_t most_absent = 5;

/// Text on one line that Markdown and the HTML in it leave alone, inside a table too.
std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : one_line(text)) {
    if (std::string_view("\\`*_[]<>#|~&@").find(c) != std::string_view::npos) safe += '\\';
    safe += c;
  }
  return safe;
}

/// Text as code: inside a longer fence of backticks than any that it holds.
std::string code(const std::string& text) {
  const std::string line = one_line(text);
  std::string fence = "`";
  while (line.find(fence) != std::string::npos) fence += '`';
  return fmt::format("{0}{1}{2}{1}{0}", fence, fence.size() > 1 ? " " : "", line);
}

std::string finding_line(const Broken& broken) {
  const Finding& finding = *broken.finding;
  std::string text = fmt::format("- **{}** {} {}: {}", escaped(broken.record->target), escaped(finding.map),
                                 escaped(finding.format), escaped(finding.law));
  if (!finding.got.empty()) text += fmt::format(", got {}, want {}", code(finding.got), code(finding.want));
  if (finding.ulp) text += fmt::format(", {} ulp", escaped(digits(*finding.ulp, true)));
  if (finding.bound) text += fmt::format(", bound {}", escaped(digits(*finding.bound)));
  if (broken.more > 0) text += fmt::format(", and {} more", broken.more);
  return text + fmt::format(": {}\n", code(finding.replay));
}

std::string findings(const std::vector<Record>& records) {
  const std::vector<Broken> list = broken(records);
  if (list.empty()) return "";
  std::string text = "\n## What is wrong\n\n";
  for (std::size_t i = 0; i < std::min(list.size(), most_findings); ++i) text += finding_line(list[i]);
  if (list.size() > most_findings) text += fmt::format("- and {} more, on the page\n", list.size() - most_findings);
  return text;
}

std::string table(std::vector<Summary> summaries) {
  if (summaries.empty()) return "";
  std::ranges::stable_partition(summaries, [](const Summary& summary) { return fails(summary.verdict); });
  std::string text =
      "\n| target | map | format | worst ULP | on | claim used, % | correctly rounded, % | laws | verdict |\n"
      "| --- | --- | --- | ---: | --- | ---: | ---: | ---: | --- |\n";
  for (std::size_t i = 0; i < std::min(summaries.size(), most_rows); ++i) {
    const TableRow row = table_row(summaries[i]);
    text += fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} | {} |\n", escaped(row.target), escaped(row.map),
                        escaped(row.format), escaped(row.worst), escaped(row.where), row.claim, row.rounded, row.laws,
                        row.verdict);
  }
  if (summaries.size() > most_rows) text += fmt::format("\n{} more rows on the page.\n", summaries.size() - most_rows);
  return text;
}

std::string provenance(const Overview& all) {
  const Build& build = all.provenance->build;
  const Machine& machine = all.provenance->machine;
  return fmt::format("\nTargets: {}; {} rows asked, {} elements measured, seed {}. Commit {}, {}, {}, {}, {}.\n",
                     all.targets.size(), all.rows, all.elements, all.seed, escaped(build.commit),
                     escaped(build.compiler), escaped(machine.cpu), escaped(machine.isa), escaped(machine.libm));
}

std::string absent(const Overview& all) {
  if (all.absent.empty()) return "";
  std::string text = "\nAbsent: ";
  for (std::size_t i = 0; i < std::min(all.absent.size(), most_absent); ++i) {
    text +=
        fmt::format("{}{} ({})", i == 0 ? "" : "; ", escaped(all.absent[i]->target), escaped(all.absent[i]->absent));
  }
  if (all.absent.size() > most_absent) text += fmt::format("; and {} more", all.absent.size() - most_absent);
  return text + ".\n";
}

}  // namespace

std::string markdown(const std::vector<Record>& records) {
  const Overview all = overview(records);
  std::string text = fmt::format("# softmax-audit: {}\n\n{}.\n", title(all), escaped(sentence(all)));
  text += findings(records);
  text += table(summarise(records));
  if (all.provenance != nullptr) text += provenance(all);
  return text + absent(all);
}

}  // namespace audit::reports
