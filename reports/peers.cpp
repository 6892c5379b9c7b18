#include "reports/peers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "reports/rows.hpp"
#include "reports/summary.hpp"
#include "reports/text.hpp"
#include "reports/verdict.hpp"

namespace audit::reports {
namespace {

constexpr std::array<std::string_view, 4> formats{"f64", "f32", "f16", "bf16"};

/// Some records of one function: their largest error and what has no number, all together.
struct Cell {
  const Record* worst = nullptr;
  std::map<std::string, std::uint64_t> unnumbered;
  std::uint64_t elements = 0;
  std::uint64_t rounded = 0;

  void add(const Record& record) {
    if (record.max_ulp && (!worst || std::abs(*record.max_ulp) > std::abs(*worst->max_ulp))) worst = &record;
    for (const auto& [outcome, count] : record.outcomes) {
      elements += count;
      if (!has_number(outcome)) unnumbered[outcome] += count;
      if (outcome == "exact" || outcome == "correctly rounded") rounded += count;
    }
  }
};

/// A function of a library in one format.
struct Row {
  std::string function;
  std::string map;
  std::string format;
  Cell all;
  std::map<std::string, Cell> by_family;
  std::vector<const Record*> records;
};

struct Library {
  std::string name;  ///< and version
  std::vector<Row> rows;
  std::vector<std::string> families;  ///< in the order of the records
};

std::string function_of(const Record& record) { return record.target.substr(record.target.rfind(':') + 1); }

template <class List, class Is>
auto& found_or_added(List& list, Is is, typename List::value_type fresh) {
  const auto found = std::ranges::find_if(list, is);
  return found == list.end() ? list.emplace_back(std::move(fresh)) : *found;
}

std::vector<Library> libraries_of(const std::vector<Record>& records) {
  std::vector<Library> libraries;
  for (const Record& record : records) {
    if (record.kind != "accuracy" || record.rows == 0) continue;
    Library& library = found_or_added(libraries, [&](const Library& known) { return known.name == record.version; },
                                      {record.version, {}, {}});
    const std::string function = function_of(record);
    Row& row = found_or_added(
        library.rows, [&](const Row& known) { return known.function == function && known.format == record.format; },
        {function, record.map, record.format, {}, {}, {}});
    row.all.add(record);
    row.by_family[record.family].add(record);
    row.records.push_back(&record);
    found_or_added(library.families, [&](const std::string& known) { return known == record.family; }, record.family);
  }
  return libraries;
}

/// "+66.2, 12 flushed"
std::string text(const Cell& cell) {
  std::string said = cell.worst ? digits(*cell.worst->max_ulp, true) : "";
  for (const auto& [outcome, count] : cell.unnumbered)
    said += fmt::format("{}{} {}", said.empty() ? "" : ", ", count, markdown_text(outcome));
  return said;
}

/// "CASE#ELEMENT" of the first element without a number of the gravest kind, or of the largest error.
std::string witness(const Row& row) {
  const Record* worst = row.all.worst;
  if (worst) return fmt::format("{}#{}", worst->max_ulp_case, worst->max_ulp_element);
  for (const Record* record : row.records)
    if (const auto found = record->witnesses.find(worst_unnumbered(*record)); found != record->witnesses.end())
      return found->second;
  return "";
}

std::string replay(const Row& row) {
  const std::string shown = witness(row);
  return shown.empty() ? "" : markdown_code_in_table(replay_line(row.records.front()->target, shown));
}

std::string table_head(const std::string& first, const auto& columns) {
  std::string head = fmt::format("\n| {} |", first), rule = "\n| --- |";
  for (const auto& column : columns) {
    head += fmt::format(" {} |", markdown_text(column));
    rule += " ---: |";
  }
  return head + rule + "\n";
}

/// One line for each function of a map, a column for each format.
std::string overview_of(const std::vector<Library>& libraries, const std::string& map) {
  std::string lines;
  for (const Library& library : libraries) {
    std::vector<std::string> functions;
    for (const Row& row : library.rows)
      if (row.map == map)
        found_or_added(functions, [&](const auto& known) { return known == row.function; }, row.function);
    for (const std::string& function : functions) {
      lines += fmt::format("| {}, {} |", markdown_text(library.name), markdown_text(function));
      for (const std::string_view format : formats) {
        const auto row = std::ranges::find_if(
            library.rows, [&](const Row& r) { return r.function == function && r.format == format; });
        lines += fmt::format(" {} |", row == library.rows.end() ? "–" : text(row->all));
      }
      lines += "\n";
    }
  }
  return lines.empty() ? "" : fmt::format("\n### {}\n{}{}", markdown_text(map), table_head("", formats), lines);
}

std::string overview_of(const std::vector<Library>& libraries) {
  std::vector<std::string> maps;
  for (const Library& library : libraries)
    for (const Row& row : library.rows)
      found_or_added(maps, [&](const auto& known) { return known == row.map; }, row.map);
  std::string sections = "\n## The largest error of each function, in ULP\n";
  for (const std::string& map : maps) sections += overview_of(libraries, map);
  return sections;
}

std::string section(const Library& library) {
  std::string lines = fmt::format(
      "\n## {}\n\n| function | format | worst ULP | family/n | without a number | correctly rounded, % | replay |\n"
      "| --- | --- | ---: | --- | --- | ---: | --- |\n",
      markdown_text(library.name));
  for (const Row& row : library.rows) {
    const Record* worst = row.all.worst;
    lines +=
        fmt::format("| {} | {} | {} | {} | {} | {} | {} |\n", markdown_text(row.function), markdown_text(row.format),
                    worst ? digits(*worst->max_ulp, true) : "",
                    worst ? fmt::format("{}/{}", markdown_text(worst->family), worst->n) : "",
                    text({nullptr, row.all.unnumbered, 0, 0}),
                    percent(static_cast<double>(row.all.rounded) / static_cast<double>(row.all.elements)), replay(row));
  }
  lines += table_head("by family", library.families);
  for (const Row& row : library.rows) {
    lines += fmt::format("| {} {} |", markdown_text(row.function), markdown_text(row.format));
    for (const std::string& family : library.families) {
      const auto cell = row.by_family.find(family);
      lines += fmt::format(" {} |", cell == row.by_family.end() ? "" : text(cell->second));
    }
    lines += "\n";
  }
  return lines;
}

std::string heading(const std::vector<Record>& records, const std::string& date) {
  const Overview all = overview(records);
  std::string text = fmt::format(
      "# Softmax of {} libraries\n\nThe largest error of each function, signed, in units in the last place (0 exact, "
      "±0.5 the best that rounding can do), and the elements whose error is no number, over {} rows, {} elements. "
      "Every figure has a row that shows it again. Written by `./audit peers` on {}",
      libraries_of(records).size(), all.rows, all.elements, date);
  if (all.provenance) {
    const auto& [cpu, isa, libm] = all.provenance->machine;
    text += fmt::format(", seed {}, {}, {}, {}, commit {}", all.seed, markdown_text(cpu), markdown_text(isa),
                        markdown_text(libm), markdown_text(all.provenance->build.commit));
  }
  return text + ".\n";
}

std::string absent(const std::vector<Record>& records) {
  std::string lines;
  for (const Record* record : overview(records).absent)
    lines += fmt::format("- {} ({}): {}\n", markdown_text(record->version), markdown_text(record->target),
                         markdown_text(record->absent));
  return lines.empty() ? "" : "\n## Absent\n\n" + lines;
}

}  // namespace

std::string peers_table(const std::vector<Record>& records, const std::string& date) {
  const std::vector<Library> libraries = libraries_of(records);
  std::string all = heading(records, date) + overview_of(libraries);
  for (const Library& library : libraries) all += section(library);
  return utf8(all + absent(records));
}

}  // namespace audit::reports
