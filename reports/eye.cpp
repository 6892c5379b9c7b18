#include "reports/eye.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

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

std::string eye_markdown(const Eye& eye) {
  if (eye.mutants.empty()) return "";
  std::string text = fmt::format(
      "\n## The eye\n\n{} targets that are wrong on purpose, and which law sees them.\n\n"
      "| law | sees | alone |\n| --- | ---: | --- |\n",
      eye.mutants.size());
  for (const Eye::Judge& law : eye.laws)
    text += fmt::format("| {} | {} | {} |\n", markdown_text(law.name), seen(law),
                        markdown_text(fmt::format("{}", fmt::join(seen_by_it_alone(eye, law), ", "))));
  text +=
      "\nThe same by the tolerances that other projects use, where they test the map.\n\n"
      "| tolerance | live on its own rows | live on the rows of this suite | accuses there, though honest |\n"
      "| --- | ---: | ---: | --- |\n";
  for (const auto& [own_rows, our_rows] : eye.tolerances)
    text += fmt::format("| {} | {} | {} | {} |\n", markdown_text(own_rows.name), lives(own_rows), lives(our_rows),
                        markdown_text(fmt::format("{}", fmt::join(our_rows.accused, ", "))));
  return text;
}

}  // namespace audit::reports
