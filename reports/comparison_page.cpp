#include <fmt/format.h>

#include <algorithm>
#include <kainjow/mustache.hpp>

#include "reports/comparison.hpp"
#include "reports/text.hpp"

// reports/page/, embedded by CMake.
extern "C" {
extern const char audit_compared_html[], audit_compared_html_end[];
extern const char audit_page_css[], audit_page_css_end[];
extern const char audit_print_css[], audit_print_css_end[];
}

namespace audit::reports {
namespace {

using kainjow::mustache::data;

constexpr std::size_t most_rows = 2000, most_in_hex = 200;

data object(const std::vector<std::pair<std::string, std::string>>& members) {
  data one;
  for (const auto& [name, text] : members) one.set(name, text);
  return one;
}

/// Sets a text that a section shows only when there is one.
void set_if(data& one, const std::string& name, const std::string& text) {
  if (text.empty()) {
    one.set(name, data{false});
  } else {
    one.set(name, text);
  }
}

data texts(const std::vector<std::string>& all) {
  data list{data::type::list};
  for (const std::string& text : all) list << object({{"text", text}});
  return list;
}

/// With a minus sign instead of a hyphen.
std::string typeset(const std::string& number) { return number.starts_with('-') ? "−" + number.substr(1) : number; }

data runs(const Overview& before, const Overview& now) {
  data list{data::type::list};
  const auto add = [&](const std::string& name, const std::string& was, const std::string& is) {
    data row = object({{"name", name}, {"before", was}, {"now", is}});
    row.set("differs", data{was != is});
    list << row;
  };
  add("verdict", title(before), title(now));
  add("rows asked", fmt::format("{}", before.rows), fmt::format("{}", now.rows));
  add("seed", seeds(before), seeds(now));
  if (!before.provenance || !now.provenance) return list;
  const auto& [was_built, was_on] = *before.provenance;
  const auto& [is_built, is_on] = *now.provenance;
  add("commit", was_built.commit, is_built.commit);
  add("compiler", was_built.compiler, is_built.compiler);
  add("flags", was_built.flags, is_built.flags);
  add("CPU", was_on.cpu, is_on.cpu);
  add("instruction set", was_on.isa, is_on.isa);
  add("libm", was_on.libm, is_on.libm);
  return list;
}

data moved_data(const Moved& moved, const RowInHex& row_in_hex) {
  const MovedRow row = moved_row(moved);
  data shown = object({{"target", row.target},
                       {"map", row.map},
                       {"format", row.format},
                       {"where", row.where},
                       {"before", typeset(row.before)},
                       {"now", typeset(row.now)},
                       {"detail", moved.detail},
                       {"witness", moved.now_witness.empty() ? moved.before_witness : moved.now_witness}});
  const bool other = moved.before_witness != moved.now_witness;
  set_if(shown, "now_replay", row.now_replay);
  set_if(shown, "before_replay", row.before_replay == row.now_replay ? "" : row.before_replay);
  set_if(shown, "now_row", row_in_hex ? row_in_hex(moved.now_witness) : "");
  set_if(shown, "before_row", row_in_hex && other ? row_in_hex(moved.before_witness) : "");
  return shown;
}

void add_changes(data& list, const std::string& id, const std::string& heading, const std::string& note,
                 const std::vector<Moved>& all, const RowInHex& row_in_hex) {
  if (all.empty()) return;
  data section = object({{"id", id}, {"heading", heading}, {"note", note}}), rows{data::type::list};
  const std::size_t shown = std::min(all.size(), most_rows);
  for (std::size_t i = 0; i < shown; ++i) rows << moved_data(all[i], i < most_in_hex ? row_in_hex : RowInHex{});
  section.set("has_moved", data{true});
  section.set("moved", rows);
  set_if(section, "hidden", shown < all.size() ? fmt::format("{}", all.size() - shown) : "");
  list << section;
}

void add_turned(data& list, const std::string& id, const std::string& heading, const std::vector<Turned>& all) {
  if (all.empty()) return;
  data section = object({{"id", id}, {"heading", heading}}), findings{data::type::list};
  for (const Turned& one : all) {
    const Record& record = *one.record;
    data finding =
        object({{"target", record.target},
                {"map", record.map},
                {"format", record.format},
                {"where", record.kind == "law" ? record.family : fmt::format("{}/{}", record.family, record.n)},
                {"what", one.what}});
    finding.set("asked_elsewhere", data{one.asked_elsewhere});
    set_if(finding, "replay", one.replay);
    findings << finding;
  }
  section.set("has_moved", data{false});
  section.set("findings", findings);
  list << section;
}

void add_alone(data& list, const std::string& id, const std::string& run, const std::vector<std::string>& targets) {
  if (targets.empty()) return;
  data section = object({{"id", id}, {"run", run}});
  section.set("targets", texts(targets));
  list << section;
}

data target_list(const std::vector<TargetChange>& targets) {
  data list{data::type::list};
  for (const TargetChange& one : targets) {
    list << object({{"target", one.target},
                    {"map", one.map},
                    {"format", one.format},
                    {"worse", fmt::format("{}", one.worse)},
                    {"better", fmt::format("{}", one.better)},
                    {"same", fmt::format("{}", one.same)},
                    {"other_rows", fmt::format("{}", one.other_rows)}});
  }
  return list;
}

data outcome_list(const std::vector<OutcomeChange>& outcomes) {
  data list{data::type::list};
  for (const OutcomeChange& one : outcomes) {
    list << object({{"target", one.target},
                    {"map", one.map},
                    {"format", one.format},
                    {"outcome", one.outcome},
                    {"before", fmt::format("{}", one.before)},
                    {"now", fmt::format("{}", one.now)}});
  }
  return list;
}

}  // namespace

std::string comparison_page(const Comparison& comparison, const Names& names, const RowInHex& row_in_hex) {
  data view = object({{"title", title(comparison)}, {"before", names.before}, {"now", names.now}});
  const bool bad = comparison.compared == 0 || !comparison.worse.empty() || !comparison.broken.empty();
  view.set("tone", bad ? "bad" : "good");
  view.set("runs", runs(comparison.before, comparison.now));
  view.set("reservations", texts(reservations(comparison, names)));
  data sections{data::type::list}, alone{data::type::list};
  const std::string order = "The largest step first, among the rows that a claim speaks of, then among the others.";
  add_changes(sections, "worse", "What got worse", order, comparison.worse, row_in_hex);
  add_turned(sections, "broken", "Newly broken", comparison.broken);
  add_changes(sections, "better", "What got better", order, comparison.better, row_in_hex);
  add_turned(sections, "mended", "Mended", comparison.mended);
  add_alone(alone, "only-before", names.before, comparison.only_before);
  add_alone(alone, "only-now", names.now, comparison.only_now);
  view.set("sections", sections);
  view.set("alone", alone);
  view.set("has_targets", data{!comparison.targets.empty()});
  view.set("targets", target_list(comparison.targets));
  view.set("has_outcomes", data{!comparison.outcomes.empty()});
  view.set("outcomes", outcome_list(comparison.outcomes));
  view.set("style",
           std::string(audit_page_css, audit_page_css_end) + std::string(audit_print_css, audit_print_css_end));
  kainjow::mustache::mustache layout{std::string(audit_compared_html, audit_compared_html_end)};
  return utf8(layout.render(view));
}

}  // namespace audit::reports
