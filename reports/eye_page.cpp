#include "reports/eye_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace audit::reports {
namespace {

using kainjow::mustache::data;

/// A row as a hint shows it.
std::string shortened(const std::string& row) { return row.size() <= 100 ? row : row.substr(0, 100) + "…"; }

bool is_first_of_map(const Eye& eye, std::size_t mutant) {
  return mutant == 0 || eye.mutants[mutant].map != eye.mutants[mutant - 1].map;
}

data cell(const Eye& eye, const Eye::Judge& judge, std::size_t mutant, bool alone) {
  const auto& seen = judge.seen[mutant];
  const std::string kind = !seen ? "unasked" : seen->empty() ? "lives" : alone ? "alone" : "killed";
  data shown;
  shown.set("kind", is_first_of_map(eye, mutant) ? kind + " first" : kind);
  shown.set("mark", !seen ? "" : seen->empty() ? "○" : "●");
  shown.set("hint", fmt::format("{}, {}: {}", judge.name, eye.mutants[mutant].name,
                                !seen           ? "not asked"
                                : seen->empty() ? "lives"
                                                : shortened(*seen)));
  return shown;
}

data row(const Eye& eye, const Eye::Judge& judge, const std::vector<std::string>& alone) {
  data shown, cells{data::type::list};
  for (std::size_t i = 0; i < eye.mutants.size(); ++i)
    cells << cell(eye, judge, i, std::ranges::count(alone, eye.mutants[i].name) > 0);
  shown.set("judge", judge.name);
  shown.set("note", judge.note);
  shown.set("cells", cells);
  return shown;
}

data map_list(const Eye& eye) {
  data list{data::type::list};
  for (std::size_t i = 0; i < eye.mutants.size();) {
    std::size_t end = i;
    while (end < eye.mutants.size() && eye.mutants[end].map == eye.mutants[i].map) ++end;
    data map;
    map.set("map", eye.mutants[i].map);
    map.set("span", fmt::format("{}", end - i));
    list << map;
    i = end;
  }
  return list;
}

data mutant_list(const Eye& eye) {
  data list{data::type::list};
  for (std::size_t i = 0; i < eye.mutants.size(); ++i) {
    data mutant;
    mutant.set("mutant", eye.mutants[i].name);
    mutant.set("kind", is_first_of_map(eye, i) ? "first" : "");
    list << mutant;
  }
  return list;
}

data law_list(const Eye& eye) {
  data list{data::type::list};
  for (const Eye::Judge& law : eye.laws) {
    const auto alone = seen_by_it_alone(eye, law);
    data shown = row(eye, law, alone);
    shown.set("figure", fmt::format("{}", seen(law)));
    shown.set("alone", alone.empty() ? "" : fmt::format("{}", alone.size()));
    list << shown;
  }
  return list;
}

data tolerance_row(const Eye& eye, const Eye::Judge& judge, const std::string& rows) {
  data shown = row(eye, judge, {});
  shown.set("rows", rows);
  shown.set("figure", lives(judge));
  const std::string accused = fmt::format("{}", fmt::join(judge.accused, ", "));
  shown.set("accused", accused.empty() ? data{false} : data{accused});
  return shown;
}

data tolerance_list(const Eye& eye) {
  data list{data::type::list};
  for (const auto& [own_rows, our_rows] : eye.tolerances) {
    list << tolerance_row(eye, own_rows, "its rows");
    list << tolerance_row(eye, our_rows, "our rows");
  }
  return list;
}

}  // namespace

data eye_data(const Eye& eye) {
  data view;
  view.set("count", fmt::format("{}", eye.mutants.size()));
  view.set("maps", map_list(eye));
  view.set("mutants", mutant_list(eye));
  view.set("rows_of_laws", law_list(eye));
  view.set("rows_of_tolerances", tolerance_list(eye));
  return view;
}

}  // namespace audit::reports
