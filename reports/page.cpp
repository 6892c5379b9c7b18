#include "reports/page.hpp"

#include <fmt/format.h>

#include <cmath>
#include <kainjow/mustache.hpp>

#include "reports/eye_page.hpp"
#include "reports/rows.hpp"
#include "reports/summary.hpp"
#include "reports/text.hpp"

// reports/page/ and Chart.js, embedded by CMake.
extern "C" {
extern const char audit_page_html[], audit_page_html_end[];
extern const char audit_page_css[], audit_page_css_end[];
extern const char audit_print_css[], audit_print_css_end[];
extern const char audit_data_js[], audit_data_js_end[];
extern const char audit_tables_js[], audit_tables_js_end[];
extern const char audit_views_js[], audit_views_js_end[];
extern const char audit_detail_js[], audit_detail_js_end[];
extern const char audit_charts_js[], audit_charts_js_end[];
extern const char audit_page_js[], audit_page_js_end[];
extern const char audit_chart_js[], audit_chart_js_end[];
}

namespace audit::reports {
namespace {

using kainjow::mustache::data;

std::string embedded(const char* begin, const char* end) { return {begin, end}; }

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

data summary_list(const std::vector<Record>& records, const std::vector<Summary>& summaries) {
  const auto place = [&](const Record* record) { return record ? fmt::format("{}", record - records.data()) : ""; };
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
    set_if(entry, "worst_record", place(worst_record(summary)));
    set_if(entry, "claim_record", place(summary.tightest));
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
  if (!all.provenance) return data{data::type::list};
  const auto& [compiler, flags, commit] = all.provenance->build;
  const auto& [cpu, isa, libm] = all.provenance->machine;
  return pairs({{"commit", commit},
                {"compiler", compiler},
                {"flags", flags},
                {"CPU", cpu},
                {"instruction set", isa},
                {"libm", libm},
                {"seed", seeds(all)}});
}

}  // namespace

std::string page(const std::vector<Record>& records, const Eye& eye, const RowInHex& row_in_hex) {
  const Overview all = overview(records);
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
  view.set("summaries", summary_list(records, summarise(records)));
  view.set("has_absent", data{!all.absent.empty()});
  view.set("absent", absent_list(all));
  view.set("eye", eye.mutants.empty() ? data{false} : eye_data(eye));
  view.set("style", embedded(audit_page_css, audit_page_css_end) + embedded(audit_print_css, audit_print_css_end));
  view.set("chart_js", embedded(audit_chart_js, audit_chart_js_end));
  view.set("script", embedded(audit_data_js, audit_data_js_end) + embedded(audit_tables_js, audit_tables_js_end) +
                         embedded(audit_views_js, audit_views_js_end) + embedded(audit_detail_js, audit_detail_js_end) +
                         embedded(audit_charts_js, audit_charts_js_end) + embedded(audit_page_js, audit_page_js_end));
  view.set("program", program_name());
  view.set("data", packed(page_data(records)));
  view.set("rows", packed(page_rows(records, row_in_hex)));
  kainjow::mustache::mustache layout{embedded(audit_page_html, audit_page_html_end)};
  return utf8(layout.render(view));
}

}  // namespace audit::reports
