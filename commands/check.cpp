#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "commands/common.hpp"
#include "reports/files.hpp"
#include "reports/summary.hpp"
#include "reports/verdict.hpp"

namespace audit::commands {
namespace {

/// Errors without a number first, then by their size.
double badness(const reports::Finding& finding) { return finding.ulp ? std::abs(*finding.ulp) : INFINITY; }

std::vector<reports::Finding> findings_of(const Records& records) {
  std::vector<reports::Finding> findings;
  for (const auto& record : records) std::ranges::copy(record.findings, std::back_inserter(findings));
  std::ranges::stable_sort(findings, [](const auto& a, const auto& b) { return badness(a) > badness(b); });
  return findings;
}

void print(const reports::Finding& f) {
  fmt::print("\n{} ({}, {})\n  case    {}\n", f.law, f.map, f.format, f.case_id);
  fmt::print("  {}got {}, want {}\n", f.element ? fmt::format("element {}: ", *f.element) : "", f.got, f.want);
  if (f.ulp) fmt::print("  error   {:+.4g} ulp\n", *f.ulp);
  if (f.bound) fmt::print("  bound   {:.4g} ({})\n", *f.bound, f.source);
  fmt::print("  replay  {}\n", f.replay);
}

void print_errors(const Records& records) {
  const auto numbered = [](const auto& r) { return r.kind == "accuracy" && r.max_ulp && r.rows_in_domain > 0; };
  for (const impls::Format& format : impls::formats) {
    const reports::Record* worst = nullptr;
    double used = 0;
    for (const auto& record : records) {
      if (record.format != format.name || !numbered(record)) continue;
      if (!worst || std::abs(*record.max_ulp) > std::abs(*worst->max_ulp)) worst = &record;
      used = std::max(used, record.bound_utilisation.value_or(0));
    }
    if (worst)
      fmt::print("{:<6} worst error {:+.4g} ulp on {}, element {}; {:.0f} % of its claim at most\n", format.name,
                 *worst->max_ulp, worst->max_ulp_case, worst->max_ulp_element, 100 * used);
  }
}

}  // namespace

int check(const Options& options) {
  const Effort asked = effort_named(options.effort);
  const Interrupt interrupt;
  Records all;
  std::string json;
  for (const std::string& name : options.targets) {
    impls::Implementation target = target_named(name);
    if (!options.map.empty() && map_named(options.map) != target.map)
      throw Refused(fmt::format("--map {}: '{}' is a {}", options.map, name, impls::traits(target.map).name));
    if (!options.format.empty()) {
      const impls::Format& format = format_named(options.format);
      std::erase_if(target.formats, [&](const impls::Format& f) { return !(f == format); });
      if (target.formats.empty()) throw Refused(fmt::format("--format {}: '{}' does not offer it", format.name, name));
    }
    const Targets one{&target};
    Records records = contracts(one);
    std::ranges::move(asked.exhaustive ? enumerate(enumerations(one), nullptr, interrupt.token())
                                       : measure_accuracy(bench::plan(one, asked.elements), one, options.seed, nullptr,
                                                          interrupt.token()),
                      std::back_inserter(records));
    std::ranges::move(try_laws(one, asked.law_rows, options.seed, interrupt.token()), std::back_inserter(records));
    stamp(records);

    const auto findings = findings_of(records);
    const auto verdict = reports::verdict_of(records);
    fmt::print("{} ({}): {}\n", name, impls::traits(target.map).name,
               findings.empty() ? (reports::fails(verdict) ? std::string(reports::label(verdict)) : "all holds")
                                : fmt::format("{} finding{}", findings.size(), findings.size() == 1 ? "" : "s"));
    print_errors(records);
    for (const auto& finding : findings) print(finding);
    json +=
        reports::to_json(reports::Checked{name, target.version, std::string(reports::label(verdict)), findings}) + "\n";
    std::ranges::move(records, std::back_inserter(all));
  }
  if (!options.json.empty()) reports::write_whole(options.json, json);
  return exit_status(all);
}

}  // namespace audit::commands
