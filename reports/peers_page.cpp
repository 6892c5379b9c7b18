#include <fmt/format.h>

#include <kainjow/mustache.hpp>

#include "reports/peer_rows.hpp"
#include "reports/peers.hpp"
#include "reports/rows.hpp"
#include "reports/summary.hpp"
#include "reports/text.hpp"

// reports/page/peers.html, embedded by CMake.
extern "C" {
extern const char audit_peers_html[], audit_peers_html_end[];
}

namespace audit::reports {
namespace {

using kainjow::mustache::data;

data cell_data(const PeerCell& cell) {
  data shown;
  shown.set("text", cell.text());
  shown.set("replay", cell.replay());
  return shown;
}

data row_data(const PeerRow& row, const std::vector<std::string>& families) {
  data shown = cell_data(row.all);
  shown.set("function", row.function);
  shown.set("format", row.format);
  shown.set("rounded", percent(static_cast<double>(row.all.rounded) / static_cast<double>(row.all.elements)));
  data cells{data::type::list};
  for (const std::string& family : families) {
    const auto cell = row.by_family.find(family);
    cells << cell_data(cell == row.by_family.end() ? PeerCell{} : cell->second);
  }
  shown.set("cells", cells);
  return shown;
}

data library_data(const PeerLibrary& library) {
  data shown, families{data::type::list}, rows{data::type::list};
  for (const std::string& family : library.families) {
    data named;
    named.set("family", family);
    families << named;
  }
  for (const PeerRow& row : library.rows) rows << row_data(row, library.families);
  shown.set("library", library.name);
  shown.set("families", families);
  shown.set("rows", rows);
  return shown;
}

data absent_data(const Record& record) {
  data shown;
  shown.set("library", record.version);
  shown.set("reason", record.absent);
  return shown;
}

}  // namespace

std::string peers_page(const std::vector<Record>& records, const std::string& date) {
  data view, libraries{data::type::list}, absent{data::type::list};
  const std::vector<PeerLibrary> all = peer_libraries(records);
  for (const PeerLibrary& library : all) libraries << library_data(library);
  for (const Record* record : overview(records).absent) absent << absent_data(*record);
  view.set("count", fmt::format("{}", all.size()));
  view.set("preface", peers_preface(records, date));
  view.set("libraries", libraries);
  view.set("absent", absent);
  kainjow::mustache::mustache layout{std::string(audit_peers_html, audit_peers_html_end)};
  return utf8(layout.render(view));
}

}  // namespace audit::reports
