#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "reports/markdown.hpp"
#include "reports/rows.hpp"
#include "reports/text.hpp"

namespace audit::reports {
namespace {

constexpr std::size_t columns = 100;

struct Column {
  std::string_view heading;
  std::string TableRow::* text;
  bool right = false;
  std::size_t least = 0;  ///< the width below which it is never cut; 0: it is never cut at all
};

constexpr std::array<Column, 10> layout{{
    {"target", &TableRow::target, false, 12},
    {"map", &TableRow::map, false, 7},
    {"fmt", &TableRow::format},
    {"worst ulp", &TableRow::worst, true},
    {"on", &TableRow::where, false, 14},
    {"claim%", &TableRow::claim, true},
    {"CR %", &TableRow::rounded, true},
    {"laws", &TableRow::laws, true},
    {"ns", &TableRow::ns, true},
    {"verdict", &TableRow::verdict},
}};
/// What is cut first where a line is too long: where it is, the map, the target.
constexpr std::size_t cut_order[] = {4, 1, 0};

std::size_t length(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

/// The first `width` characters, the last of them "…" when some are left out.
std::string cut(const std::string& text, std::size_t width) {
  if (length(text) <= width) return text;
  std::size_t end = 0;
  for (std::size_t characters = 0; end < text.size(); ++end) {
    if ((text[end] & 0xC0) != 0x80 && characters++ == width - 1) break;
  }
  return text.substr(0, end) + "…";
}

std::string padded(const std::string& text, std::size_t width, bool right) {
  const std::string blank(width - std::min(width, length(text)), ' ');
  return right ? blank + text : text + blank;
}

using Widths = std::array<std::size_t, layout.size()>;

std::size_t total(const Widths& widths, std::size_t gap) {
  std::size_t sum = gap * (widths.size() - 1);
  for (const std::size_t width : widths) sum += width;
  return sum;
}

/// As wide as the widest entry, or as the line allows.
Widths fit(const std::vector<TableRow>& rows) {
  Widths widths;
  for (std::size_t i = 0; i < layout.size(); ++i) {
    widths[i] = layout[i].heading.size();
    for (const TableRow& row : rows) widths[i] = std::max(widths[i], length(row.*layout[i].text));
  }
  for (const std::size_t i : cut_order) {
    const std::size_t excess = std::max(total(widths, 1), columns) - columns;
    const std::size_t least = std::min(widths[i], layout[i].least);
    widths[i] = std::max(least, widths[i] - std::min(widths[i], excess));
  }
  return widths;
}

}  // namespace

std::string terminal_table(const std::vector<Record>& records) {
  std::vector<TableRow> rows;
  for (const Summary& summary : summarise(records)) {
    rows.push_back(table_row(summary));
    for (const Column& column : layout) rows.back().*column.text = one_line(rows.back().*column.text);
  }
  const Widths widths = fit(rows);
  const std::string gap(total(widths, 2) <= columns ? 2 : 1, ' ');
  const auto line = [&](auto text_of) {
    std::string text;
    for (std::size_t i = 0; i < layout.size(); ++i) {
      text += (i == 0 ? "" : gap) + padded(cut(text_of(layout[i]), widths[i]), widths[i], layout[i].right);
    }
    return text.substr(0, text.find_last_not_of(' ') + 1) + '\n';
  };
  std::string table = line([](const Column& column) { return std::string(column.heading); });
  for (const TableRow& row : rows) table += line([&row](const Column& column) { return row.*column.text; });
  return table;
}

}  // namespace audit::reports
