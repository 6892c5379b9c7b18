#include "properties/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "bench/likeness.hpp"
#include "commands/common.hpp"
#include "reports/files.hpp"
#include "reports/summary.hpp"
#include "reports/verdict.hpp"

namespace audit::commands {
namespace {

using reports::Finding;

/// Several findings of one law in one format: the worst of them, and how many more there are.
struct Found {
  Finding worst;
  std::size_t more = 0;
};

/// Errors without a number first, then by their size.
double badness(const Finding& finding) { return finding.ulp ? std::abs(*finding.ulp) : INFINITY; }

/// Of two findings as bad the one with the smaller row is the better one to look at.
bool worse(const Finding& a, const Finding& b) {
  if (badness(a) != badness(b)) return badness(a) > badness(b);
  return a.case_id.size() < b.case_id.size();
}

/// One for each law and format, worst first.
std::vector<Found> found_in(const Records& records) {
  std::vector<Found> all;
  for (const auto& record : records) {
    for (const Finding& finding : record.findings) {
      const auto alike = std::ranges::find_if(all, [&](const Found& found) {
        return found.worst.law == finding.law && found.worst.format == finding.format;
      });
      if (alike == all.end()) {
        all.push_back({finding});
        continue;
      }
      ++alike->more;
      if (worse(finding, alike->worst)) alike->worst = finding;
    }
  }
  std::ranges::stable_sort(all, worse, &Found::worst);
  return all;
}

void print(const Found& found) {
  const Finding& f = found.worst;
  fmt::print("\n{} ({}, {})\n  case    {}\n", f.law, f.map, f.format, f.case_id);
  fmt::print("  {}got {}, want {}\n", f.element ? fmt::format("element {}: ", *f.element) : "", f.got, f.want);
  if (f.ulp) fmt::print("  error   {:+.4g} ulp\n", *f.ulp);
  if (f.bound) fmt::print("  bound   {:.4g} ({})\n", *f.bound, f.source);
  fmt::print("  replay  {}\n", f.replay);
  if (found.more > 0) fmt::print("  and {} more like it\n", found.more);
}

void print_errors(const Records& records) {
  const auto numbered = [](const auto& r) { return r.kind == "accuracy" && r.max_ulp && r.rows_in_domain > 0; };
  for (const impls::Format& format : impls::formats) {
    const reports::Record* worst = nullptr;
    std::optional<double> used;
    for (const auto& record : records) {
      if (record.format != format.name || !numbered(record)) continue;
      if (!worst || std::abs(*record.max_ulp) > std::abs(*worst->max_ulp)) worst = &record;
      if (record.bound_utilisation) used = std::max(used.value_or(0), *record.bound_utilisation);
    }
    if (worst)
      fmt::print("{:<6} worst error {:+.4g} ulp on {}, element {}; {}\n", format.name, *worst->max_ulp,
                 worst->max_ulp_case, worst->max_ulp_element,
                 used ? fmt::format("{:.0f} % of its claim at most", 100 * *used) : "it claims nothing");
  }
}

bool asked_nothing(const Records& records) {
  return std::ranges::all_of(records, [](const auto& r) { return r.kind == "contract" || !r.absent.empty(); });
}

std::string headline(const Records& records, std::size_t findings) {
  if (asked_nothing(records)) return fmt::format("nothing checked: {}", records.back().absent);
  if (findings > 0) return fmt::format("{} finding{}", findings, findings == 1 ? "" : "s");
  const auto verdict = reports::verdict_of(records);
  return reports::fails(verdict) ? std::string(reports::label(verdict)) : "all holds";
}

/// What one target gave: printed, and as a line of --json.
std::string report(const impls::Implementation& target, const Records& records, const std::string& behaviour) {
  const auto found = found_in(records);
  const auto verdict = reports::verdict_of(records);
  fmt::print("{} ({}): {}\n", target.name, impls::traits(target.map).name, headline(records, found.size()));
  print_errors(records);
  if (!behaviour.empty() && !asked_nothing(records)) fmt::print("{}\n", behaviour);
  reports::Checked checked{target.name, target.version, std::string(reports::label(verdict)), {}};
  for (const Found& one : found) {
    print(one);
    checked.findings.push_back(one.worst);
  }
  return reports::to_json(checked) + "\n";
}

Records try_widths(const Targets& targets, const std::stop_token& stop) {
  Records records;
  for (const auto* target : targets) {
    for (const impls::Format& format : target->formats) {
      if (stop.stop_requested()) throw Stopped("stopped while lengths were tried");
      records.push_back(properties::try_widths(*target, format));
    }
  }
  return records;
}

/// What the targets of a sweep behave like.
class Likenesses {
 public:
  explicit Likenesses(const Targets& targets) {
    for (const auto* target : targets) each_.push_back(std::make_unique<bench::Likeness>(*target));
  }
  bench::Seen seen() {
    std::vector<bench::Seen> all;
    for (const auto& one : each_) all.push_back(one->seen());
    return [all](const auto&... what) {
      for (const auto& look : all) look(what...);
    };
  }
  [[nodiscard]] std::string in_words(std::size_t target) const { return each_[target]->in_words(); }

 private:
  std::vector<std::unique_ptr<bench::Likeness>> each_;
};

std::vector<impls::Implementation> asked_for(const Options& options) {
  std::vector<impls::Implementation> all;
  for (const std::string& given : options.targets) {
    const std::string name = declared(given, options);
    auto targets = target_named(name, options);
    narrow(targets, name, options);
    std::ranges::move(targets, std::back_inserter(all));
  }
  return all;
}

}  // namespace

int check(const Options& options) {
  const Effort asked = effort_named(options.effort);
  const Interrupt interrupt;
  const auto stop = interrupt.token();
  const auto implementations = asked_for(options);
  const Targets targets = pointers(implementations);
  Likenesses likenesses(targets);

  Records records = contracts(targets);
  std::ranges::move(try_widths(targets, stop), std::back_inserter(records));
  std::ranges::move(asked.exhaustive ? enumerate(enumerations(targets), nullptr, stop)
                                     : measure_accuracy(bench::plan(targets, asked.elements), targets, options.seed,
                                                        nullptr, stop, likenesses.seen()),
                    std::back_inserter(records));
  std::ranges::move(try_laws(targets, asked.law_rows, options.seed, stop), std::back_inserter(records));
  stamp(records);

  std::string json;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    Records own;
    std::ranges::copy_if(records, std::back_inserter(own), [&](const auto& r) { return is_of(r, *targets[i]); });
    json += report(*targets[i], own, asked.exhaustive ? "" : likenesses.in_words(i));
  }
  if (!options.json.empty()) reports::write_whole(options.json, json);
  return asked_nothing(records) ? 2 : exit_status(records);
}

}  // namespace audit::commands
