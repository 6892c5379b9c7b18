#include "reports/peers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "reports/peer_rows.hpp"
#include "reports/rows.hpp"
#include "reports/summary.hpp"
#include "reports/text.hpp"

namespace audit::reports {
namespace {

constexpr std::array<std::string_view, 4> formats{"f64", "f32", "f16", "bf16"};

std::string table_head(const std::string& first, const auto& columns) {
  std::string head = fmt::format("\n| {} |", first), rule = "\n| --- |";
  for (const auto& column : columns) {
    head += fmt::format(" {} |", markdown_text(column));
    rule += " ---: |";
  }
  return head + rule + "\n";
}

/// A function, a column for each format.
std::string overview_line(const PeerLibrary& library, const std::string& function) {
  std::string line = fmt::format("| {}, {} |", markdown_text(library.name), markdown_text(function));
  for (const std::string_view format : formats) {
    const auto row = std::ranges::find_if(
        library.rows, [&](const PeerRow& r) { return r.function == function && r.format == format; });
    line += fmt::format(" {} |", row == library.rows.end() ? "–" : markdown_text(row->all.text()));
  }
  return line + "\n";
}

std::string overview_of(const std::vector<PeerLibrary>& libraries, const std::string& map) {
  std::string lines;
  for (const PeerLibrary& library : libraries) {
    std::vector<std::string> functions;
    for (const PeerRow& row : library.rows)
      if (row.map == map)
        found_or_added(functions, [&](const auto& known) { return known == row.function; }, row.function);
    for (const std::string& function : functions) lines += overview_line(library, function);
  }
  return fmt::format("\n## {}\n{}{}", markdown_text(map), table_head("", formats), lines);
}

std::string overview_of(const std::vector<PeerLibrary>& libraries) {
  std::vector<std::string> maps;
  for (const PeerLibrary& library : libraries)
    for (const PeerRow& row : library.rows)
      found_or_added(maps, [&](const auto& known) { return known == row.map; }, row.map);
  std::string sections;
  for (const std::string& map : maps) sections += overview_of(libraries, map);
  return sections;
}

std::string line(const PeerRow& row) {
  const Record* worst = row.all.worst;
  const std::string replay = row.all.replay();
  return fmt::format("| {} | {} | {} | {} | {} | {} | {} |\n", markdown_text(row.function), markdown_text(row.format),
                     worst ? digits(*worst->max_ulp, true) : "",
                     worst ? fmt::format("{}/{}", markdown_text(worst->family), worst->n) : "",
                     markdown_text(row.all.unnumbered_text()),
                     percent(static_cast<double>(row.all.rounded) / static_cast<double>(row.all.elements)),
                     replay.empty() ? "" : markdown_code_in_table(replay));
}

std::string line_by_family(const PeerRow& row, const std::vector<std::string>& families) {
  std::string line = fmt::format("| {} {} |", markdown_text(row.function), markdown_text(row.format));
  for (const std::string& family : families) {
    const auto cell = row.by_family.find(family);
    line += fmt::format(" {} |", cell == row.by_family.end() ? "" : markdown_text(cell->second.text()));
  }
  return line + "\n";
}

std::string section(const PeerLibrary& library) {
  std::string lines = fmt::format(
      "\n## {}\n\n| function | format | worst ULP | family/n | without a number | correctly rounded, % | replay |\n"
      "| --- | --- | ---: | --- | --- | ---: | --- |\n",
      markdown_text(library.name));
  for (const PeerRow& row : library.rows) lines += line(row);
  lines += table_head("by family", library.families);
  for (const PeerRow& row : library.rows) lines += line_by_family(row, library.families);
  return lines;
}

std::string absent(const std::vector<Record>& records) {
  std::string lines;
  for (const Record* record : overview(records).absent)
    lines += fmt::format("- {} ({}): {}\n", markdown_text(record->version), markdown_text(record->target),
                         markdown_text(record->absent));
  return lines.empty() ? "" : "\n## Absent\n\n" + lines;
}

}  // namespace

std::string peers_markdown(const std::vector<Record>& records, const std::string& date) {
  const std::vector<PeerLibrary> libraries = peer_libraries(records);
  std::string all = fmt::format("# How accurate are softmax, log\\_softmax and logsumexp of {} libraries?\n\n{}\n",
                                libraries.size(), markdown_text(peers_preface(records, date)));
  all += overview_of(libraries);
  for (const PeerLibrary& library : libraries) all += section(library);
  return utf8(all + absent(records));
}

}  // namespace audit::reports
