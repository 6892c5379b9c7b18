#include "reports/page.hpp"

#include <fmt/format.h>

#include <cmath>
#include <kainjow/mustache.hpp>
#include <map>

#include "reports/eye_page.hpp"
#include "reports/json.hpp"
#include "reports/rows.hpp"
#include "reports/summary.hpp"
#include "reports/text.hpp"

// reports/page/ and Chart.js, embedded by CMake.
extern "C" {
extern const char audit_page_html[], audit_page_html_end[];
extern const char audit_page_css[], audit_page_css_end[];
extern const char audit_page_js[], audit_page_js_end[];
extern const char audit_detail_js[], audit_detail_js_end[];
extern const char audit_charts_js[], audit_charts_js_end[];
extern const char audit_chart_js[], audit_chart_js_end[];
}

namespace audit::reports {
namespace {

using json::Json;
using kainjow::mustache::data;

/// A record as the page needs it: what is the same for all is above it, and claims are numbers of a list.
Json slim(const Record& record, std::map<std::string, std::size_t>& claims) {
  Json line = json::Json::parse(to_line(record));
  for (const char* key : {"schema", "version", "build", "machine"}) line.erase(key);
  line["claim"] = claims.emplace(record.claim, claims.size()).first->second;
  line["verdict"] = label(verdict_of(record));
  return line;
}

/// What the scripts read: the records, the claims, which of the records each summary is from.
std::string records_json(const std::vector<Record>& records, const std::vector<Summary>& summaries) {
  Json all{{"copy", copy_target}};
  all["failing"] = Json::array();
  for (int v = 0; v <= static_cast<int>(Verdict::unchanged); ++v) {
    if (fails(static_cast<Verdict>(v))) all["failing"].push_back(label(static_cast<Verdict>(v)));
  }
  all["summaries"] = Json::array();
  for (const Summary& summary : summaries) {
    Json row = Json::object();
    if (summary.worst != nullptr) row["worst"] = summary.worst - records.data();
    if (summary.in_cache != nullptr) row["in_cache"] = summary.in_cache - records.data();
    all["summaries"].push_back(row);
  }
  std::map<std::string, std::size_t> claims;
  all["records"] = Json::array();
  for (const Record& record : records) all["records"].push_back(slim(record, claims));
  all["claims"] = std::vector<std::string>(claims.size());
  for (const auto& [claim, number] : claims) all["claims"][number] = claim;
  return json::dump(all);
}

/// JSON that ends no script element and opens no comment, whatever its strings hold.
std::string inside_script(std::string_view json) {
  std::string safe;
  safe.reserve(json.size());
  for (const char c : json) {
    if (c == '<') {
      safe += "\\u003c";
    } else {
      safe += c;
    }
  }
  return safe;
}

std::string tone(Verdict verdict) { return fails(verdict) ? "bad" : "good"; }

/// 1234567 → "1,234,567"
std::string grouped(std::uint64_t value) {
  std::string text = fmt::format("{}", value);
  for (std::size_t i = text.size(); i > 3; i -= 3) text.insert(i - 3, 1, ',');
  return text;
}

/// With a minus sign instead of a hyphen.
std::string typeset(const std::string& number) { return number.starts_with('-') ? "−" + number.substr(1) : number; }

data pairs(const std::vector<std::pair<std::string, std::string>>& entries) {
  data list{data::type::list};
  for (const auto& [name, value] : entries) {
    data entry;
    entry.set("name", name);
    entry.set("value", value);
    list << entry;
  }
  return list;
}

/// Sets a text that a section shows only when there is one.
void set_if(data& entry, const std::string& name, const std::string& text) {
  if (text.empty()) {
    entry.set(name, data{false});
  } else {
    entry.set(name, text);
  }
}

data finding_list(const std::vector<Record>& records) {
  data list{data::type::list};
  for (const Broken& broken : broken(records)) {
    const Finding& finding = *broken.finding;
    data entry;
    entry.set("target", broken.record->target);
    entry.set("map", finding.map);
    entry.set("format", finding.format);
    entry.set("law", finding.law);
    entry.set("got", finding.got);
    entry.set("want", finding.want);
    entry.set("replay", finding.replay);
    set_if(entry, "element", finding.element ? fmt::format("{}", *finding.element) : "");
    set_if(entry, "ulp", finding.ulp ? typeset(digits(*finding.ulp, true)) : "");
    set_if(entry, "bound", finding.bound ? digits(*finding.bound) : "");
    set_if(entry, "source", finding.source);
    set_if(entry, "more", broken.more > 0 ? fmt::format("{}", broken.more) : "");
    list << entry;
  }
  return list;
}

data summary_list(const std::vector<Summary>& summaries) {
  data list{data::type::list};
  for (const Summary& summary : summaries) {
    const TableRow row = table_row(summary);
    data entry;
    entry.set("target", row.target);
    entry.set("map", row.map);
    entry.set("format", row.format);
    entry.set("worst", typeset(row.worst));
    entry.set("worst_value", fmt::format("{}", summary.unnumbered != nullptr ? 1e300
                                               : summary.worst != nullptr    ? std::abs(*summary.worst->max_ulp)
                                                                             : 0));
    entry.set("where", row.where);
    entry.set("claim", row.claim);
    entry.set("rounded", row.rounded);
    entry.set("laws", row.laws);
    entry.set("ns", row.ns);
    entry.set("verdict", row.verdict);
    entry.set("tone", tone(summary.verdict));
    list << entry;
  }
  return list;
}

data absent_list(const Overview& all) {
  data list{data::type::list};
  for (const Record* record : all.absent) {
    data entry;
    entry.set("target", record->target);
    entry.set("reason", record->absent);
    list << entry;
  }
  return list;
}

data provenance(const Overview& all) {
  if (all.provenance == nullptr) return data{data::type::list};
  const auto& [compiler, flags, commit] = all.provenance->build;
  const auto& [cpu, isa, libm] = all.provenance->machine;
  return pairs({{"commit", commit},
                {"compiler", compiler},
                {"flags", flags},
                {"CPU", cpu},
                {"instruction set", isa},
                {"libm", libm},
                {"seed", fmt::format("{}", all.seed)}});
}

}  // namespace

std::string page(const std::vector<Record>& records, const Eye& eye) {
  const Overview all = overview(records);
  const std::vector<Summary> summaries = summarise(records);
  data view;
  view.set("verdict", title(all));
  view.set("tone", tone(all.verdict));
  view.set("sentence", sentence(all));
  view.set("facts", pairs({{"targets", grouped(all.targets.size())},
                           {"rows asked", grouped(all.rows)},
                           {"elements measured", grouped(all.elements)}}));
  view.set("provenance", provenance(all));
  const data findings = finding_list(records);
  view.set("has_findings", data{findings.is_non_empty_list()});
  view.set("findings", findings);
  view.set("summaries", summary_list(summaries));
  view.set("has_absent", data{!all.absent.empty()});
  view.set("absent", absent_list(all));
  view.set("eye", eye.mutants.empty() ? data{false} : eye_data(eye));
  view.set("style", std::string(audit_page_css, audit_page_css_end));
  view.set("script", std::string(audit_page_js, audit_page_js_end) + std::string(audit_detail_js, audit_detail_js_end));
  view.set("charts", std::string(audit_charts_js, audit_charts_js_end));
  view.set("chart_js", std::string(audit_chart_js, audit_chart_js_end));
  view.set("program", program_name());
  view.set("data", inside_script(records_json(records, summaries)));
  kainjow::mustache::mustache layout{std::string(audit_page_html, audit_page_html_end)};
  return utf8(layout.render(view));
}

}  // namespace audit::reports
