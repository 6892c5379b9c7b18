#include "reports/eye.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <ranges>

#include "reports/text.hpp"

namespace audit::reports {

std::size_t seen(const Eye::Judge& judge) {
  return static_cast<std::size_t>(
      std::ranges::count_if(judge.seen, [](const auto& row) { return row && !row->empty(); }));
}

std::size_t asked(const Eye::Judge& judge) {
  return static_cast<std::size_t>(std::ranges::count_if(judge.seen, [](const auto& row) { return row.has_value(); }));
}

std::vector<std::string> seen_by_it_alone(const Eye& eye, const Eye::Judge& law) {
  const auto sees = [](const Eye::Judge& judge, std::size_t i) { return judge.seen[i] && !judge.seen[i]->empty(); };
  std::vector<std::string> alone;
  for (std::size_t i = 0; i < eye.mutants.size(); ++i)
    if (sees(law, i) && std::ranges::count_if(eye.laws, [&](const Eye::Judge& other) { return sees(other, i); }) == 1)
      alone.push_back(eye.mutants[i].name);
  return alone;
}

std::string lives(const Eye::Judge& judge) { return fmt::format("{} of {}", asked(judge) - seen(judge), asked(judge)); }

namespace {

std::string tolerance_table(const Eye& eye) {
  std::string text =
      "| tolerance | live on its own rows | live on the rows of this suite | accuses there, though honest |\n"
      "| --- | ---: | ---: | --- |\n";
  for (const auto& [own_rows, our_rows] : eye.tolerances)
    text += fmt::format("| {} | {} | {} | {} |\n", markdown_text(own_rows.name), lives(own_rows), lives(our_rows),
                        markdown_text(fmt::format("{}", fmt::join(our_rows.accused, ", "))));
  return text;
}

/// The laws, as many as fit into `most_lines`.
std::string law_table(const Eye& eye, std::size_t most_lines) {
  std::string text = "\nAnd what each law sees of them.\n\n| law | sees | alone |\n| --- | ---: | --- |\n";
  const std::size_t heading = line_count(text), line_on_the_rest = 2;
  const bool all = heading + eye.laws.size() <= most_lines;
  if (!all && heading + line_on_the_rest >= most_lines) return "";
  const std::size_t shown = all ? eye.laws.size() : most_lines - heading - line_on_the_rest;
  for (const Eye::Judge& law : eye.laws | std::views::take(shown))
    text += fmt::format("| {} | {} | {} |\n", markdown_text(law.name), seen(law),
                        markdown_text(fmt::format("{}", fmt::join(seen_by_it_alone(eye, law), ", "))));
  if (!all) text += fmt::format("\n{} more laws on the page.\n", eye.laws.size() - shown);
  return text;
}

}  // namespace

std::string eye_markdown(const Eye& eye, std::size_t most_lines) {
  if (eye.mutants.empty()) return "";
  const std::string text = fmt::format(
      "\n## The eye\n\n{} targets are wrong on purpose. What other projects' tolerances let live, where they test the "
      "map:\n\n{}",
      eye.mutants.size(), tolerance_table(eye));
  const std::size_t lines = line_count(text);
  return lines > most_lines ? "" : text + law_table(eye, most_lines - lines);
}

}  // namespace audit::reports
