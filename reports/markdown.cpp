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
/// The head of the table, a line on the rows that are left out, and what is between them.
constexpr std::size_t around_the_table = 5;

std::string finding_line(const Broken& broken) {
  const Finding& finding = *broken.finding;
  std::string text = fmt::format("- **{}** {} {}: {}", markdown_text(broken.record->target), markdown_text(finding.map),
                                 markdown_text(finding.format), markdown_text(finding.law));
  if (!finding.got.empty())
    text += fmt::format(", got {}, want {}", markdown_code(finding.got), markdown_code(finding.want));
  if (finding.ulp) text += fmt::format(", {} ulp", markdown_text(digits(*finding.ulp, true)));
  if (finding.bound) text += fmt::format(", bound {}", markdown_text(digits(*finding.bound)));
  if (broken.more > 0) text += fmt::format(", and {} more", broken.more);
  return text + fmt::format(": {}\n", markdown_code(finding.replay));
}

std::string findings(const std::vector<Record>& records) {
  const std::vector<Broken> list = broken(records);
  if (list.empty()) return "";
  std::string text = "\n## What is wrong\n\n";
  for (std::size_t i = 0; i < std::min(list.size(), most_findings); ++i) text += finding_line(list[i]);
  if (list.size() > most_findings) text += fmt::format("- and {} more, on the page\n", list.size() - most_findings);
  return text;
}

std::string table(std::vector<Summary> summaries, std::size_t most_lines) {
  if (summaries.empty()) return "";
  const std::size_t rows = std::min({summaries.size(), most_rows, most_lines - around_the_table});
  std::ranges::stable_partition(summaries, [](const Summary& summary) { return fails(summary.verdict); });
  std::string text =
      "\n| target | map | format | worst ULP | on | claim used, % | correctly rounded, % | laws | verdict |\n"
      "| --- | --- | --- | ---: | --- | ---: | ---: | ---: | --- |\n";
  for (std::size_t i = 0; i < rows; ++i) {
    const TableRow row = table_row(summaries[i]);
    text += fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} | {} |\n", markdown_text(row.target),
                        markdown_text(row.map), markdown_text(row.format), markdown_text(row.worst),
                        markdown_text(row.where), row.claim, row.rounded, row.laws, row.verdict);
  }
  if (summaries.size() > rows) text += fmt::format("\n{} more rows on the page.\n", summaries.size() - rows);
  return text;
}

std::string provenance(const Overview& all) {
  const Build& build = all.provenance->build;
  const Machine& machine = all.provenance->machine;
  return fmt::format("\nTargets: {}; {} rows asked, {} elements measured, seed {}. Commit {}, {}, {}, {}, {}.\n",
                     all.targets.size(), all.rows, all.elements, seeds(all), markdown_text(build.commit),
                     markdown_text(build.compiler), markdown_text(machine.cpu), markdown_text(machine.isa),
                     markdown_text(machine.libm));
}

std::string absent(const Overview& all) {
  if (all.absent.empty()) return "";
  std::string text = "\nAbsent: ";
  for (std::size_t i = 0; i < std::min(all.absent.size(), most_absent); ++i) {
    text += fmt::format("{}{} ({})", i == 0 ? "" : "; ", markdown_text(all.absent[i]->target),
                        markdown_text(all.absent[i]->absent));
  }
  if (all.absent.size() > most_absent) text += fmt::format("; and {} more", all.absent.size() - most_absent);
  return text + ".\n";
}

}  // namespace

std::string markdown(const std::vector<Record>& records, const Eye& eye, std::size_t most_lines) {
  const Overview all = overview(records);
  const std::string end = (all.provenance ? provenance(all) : "") + absent(all);
  std::string text = fmt::format("# softmax-audit: {}\n\n{}.\n", title(all), markdown_text(sentence(all)));
  text += findings(records);
  text += table(summarise(records), most_lines - line_count(text) - line_count(end));
  text += end;
  return text + eye_markdown(eye, most_lines - line_count(text));
}

}  // namespace audit::reports
