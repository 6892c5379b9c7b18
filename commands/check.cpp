#include "properties/check.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>

#include "bench/likeness.hpp"
#include "commands/common.hpp"
#include "commands/unclaimed.hpp"
#include "properties/generators.hpp"
#include "reference/oracle.hpp"
#include "reports/files.hpp"
#include "reports/summary.hpp"
#include "reports/verdict.hpp"

namespace audit::commands {
namespace {

using reports::Finding;

/// Several findings of one law in one format: the one on the smallest row, and how many more there are.
struct Found {
  Finding shown;
  std::size_t more = 0;
};

/// Errors without a number first, then by their size.
bool worse(const Finding& a, const Finding& b) {
  const auto badness = [](const Finding& finding) { return finding.ulp ? std::abs(*finding.ulp) : INFINITY; };
  return badness(a) > badness(b);
}

/// Fewer entries, or as many that are simpler.
bool smaller(const Finding& a, const Finding& b) {
  const auto size = [](const Finding& finding) {
    const impls::Row row = reference::rebuild(finding.case_id).row;
    return std::pair(row.x.size(), properties::complexity(row));
  };
  return size(a) < size(b);
}

/// One for each law and format, worst first.
std::vector<Found> found_in(const Records& records) {
  std::vector<Found> all;
  for (const auto& record : records) {
    for (const Finding& finding : record.findings) {
      const auto alike = std::ranges::find_if(all, [&](const Found& found) {
        return found.shown.law == finding.law && found.shown.format == finding.format;
      });
      if (alike == all.end()) {
        all.push_back({finding});
        continue;
      }
      ++alike->more;
      if (smaller(finding, alike->shown)) alike->shown = finding;
    }
  }
  std::ranges::stable_sort(all, worse, &Found::shown);
  return all;
}

void print(const Found& found) {
  const Finding& f = found.shown;
  fmt::print("\n{} ({}, {})\n  case    {}\n", f.law, f.map, f.format, f.case_id);
  fmt::print("  {}got {}, want {}\n", f.element ? fmt::format("element {}: ", *f.element) : "", f.got, f.want);
  if (f.ulp) fmt::print("  error   {:+.4g} ulp\n", *f.ulp);
  if (f.bound) fmt::print("  bound   {:.4g} ({})\n", *f.bound, f.source);
  fmt::print("  replay  {}\n", f.replay);
  if (found.more > 0) fmt::print("  and {} more like it\n", found.more);
}

/// What the sweep measured in one format: the largest error, and the tightest claim.
struct Extremes {
  const reports::Record* worst = nullptr;
  const reports::Record* tightest = nullptr;
};

Extremes extremes(const Records& records, const impls::Format& format) {
  Extremes found;
  for (const auto& record : records) {
    if (record.kind != "accuracy" || record.format != format.name || !record.max_ulp || record.rows_in_domain == 0)
      continue;
    if (!found.worst || std::abs(*record.max_ulp) > std::abs(*found.worst->max_ulp)) found.worst = &record;
    if (!record.bound_utilisation) continue;
    if (!found.tightest || *record.bound_utilisation > *found.tightest->bound_utilisation) found.tightest = &record;
  }
  return found;
}

void print_errors(const Records& records) {
  for (const impls::Format& format : impls::formats) {
    const auto [worst, tightest] = extremes(records, format);
    for (const auto* shown : {worst, tightest})
      if (shown) bench::confirm(*shown);
    if (worst)
      fmt::print("{:<6} worst error {:+.4g} ulp on {}, element {}; {}\n", format.name, *worst->max_ulp,
                 worst->max_ulp_case, worst->max_ulp_element,
                 tightest ? fmt::format("{:.0f} % of its claim at most", 100 * *tightest->bound_utilisation)
                          : "it claims nothing");
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
    checked.findings.push_back(one.shown);
  }
  return reports::to_json(checked) + "\n";
}

/// In every format, on all cores.
Records try_widths(const Targets& targets, const std::stop_token& stop) {
  struct Asked {
    const impls::Implementation* target;
    impls::Format format;
  };
  std::vector<Asked> all;
  for (const auto* target : targets)
    for (const impls::Format& format : target->formats) all.push_back({target, format});
  Records records(all.size());
  tbb::parallel_for(std::size_t{0}, all.size(), [&](std::size_t i) {
    if (!stop.stop_requested()) records[i] = properties::try_widths(*all[i].target, all[i].format);
  });
  if (stop.stop_requested()) throw Stopped("stopped while lengths were tried");
  return records;
}

/// What is asked for figures alone, of targets that broke a law: a part of this, and nothing that takes longer.
constexpr std::size_t part_of_the_broken = 8;
/// Maps without a fast oracle are asked half: their exact answers would take most of a check.
constexpr std::size_t part_of_the_slow = 2;

/// The errors on every family. The exact answers that are shown are confirmed when they are.
Records measure(const Targets& targets, const Records& tried, std::size_t logits, std::uint64_t seed,
                const std::stop_token& stop, const bench::Seen& seen) {
  std::map<std::size_t, Targets> by_part;  // of the logits
  for (const auto* target : targets) {
    const auto fails = [&](const reports::Record& r) { return is_of(r, *target) && !r.findings.empty(); };
    const std::size_t sound = reference::certified_fast(target->map) ? 1 : part_of_the_slow;
    by_part[std::ranges::any_of(tried, fails) ? part_of_the_broken : sound].push_back(target);
  }
  Records records;
  for (const auto& [part, asked] : by_part) {
    const std::size_t each = logits / part;
    auto units = bench::plan(asked, each);
    if (part == part_of_the_broken)
      std::erase_if(units, [&](const bench::Unit& unit) { return unit.n * unit.rows > 2 * each; });
    for (bench::Unit& unit : units) unit.confirmed = false;
    std::ranges::move(measure_accuracy(units, asked, seed, nullptr, stop, seen), std::back_inserter(records));
  }
  return records;
}

/// Whether a target's own claim is one of those that others are held against.
bool is_known(const impls::Implementation& target) { return impls::find(target.name) && target.claim.bounds; }

/// What the targets of a sweep behave like, those that are not known.
class Likenesses {
 public:
  explicit Likenesses(const Targets& targets) {
    for (const auto* target : targets)
      each_.push_back(is_known(*target) ? nullptr : std::make_unique<bench::Likeness>(*target));
  }
  bench::Seen seen() {
    std::vector<bench::Seen> all;
    for (const auto& one : each_)
      if (one) all.push_back(one->seen());
    return [all](const auto&... what) {
      for (const auto& look : all) look(what...);
    };
  }
  [[nodiscard]] std::string in_words(std::size_t target) const {
    return each_[target] ? each_[target]->in_words() : "";
  }

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
  Unclaimed unclaimed;
  const auto seen = [alike = likenesses.seen(), beyond = unclaimed.seen()](const auto&... what) {
    alike(what...);
    beyond(what...);
  };
  if (!options.reports.empty()) make_directory(options.reports);
  // Before anything else is asked: the very first answer of a target is held to its promises, too.
  Records tried = try_widths(targets, stop);
  Records records = contracts(targets);
  if (!options.reports.empty()) answer_special_rows(records, targets);
  const auto add = [&records](Records more) { std::ranges::move(more, std::back_inserter(records)); };
  add(std::move(tried));
  for (const std::uint64_t seed : options.seeds) add(try_laws(targets, asked.law_rows, seed, stop));
  if (asked.exhaustive)
    add(enumerate(enumerations(targets), nullptr, stop));
  else
    for (const std::uint64_t seed : options.seeds) add(measure(targets, records, asked.elements, seed, stop, seen));
  unclaimed.report(records);
  stamp(records);

  std::string json;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    Records own;
    std::ranges::copy_if(records, std::back_inserter(own), [&](const auto& r) { return is_of(r, *targets[i]); });
    json += report(*targets[i], own, asked.exhaustive ? "" : likenesses.in_words(i));
  }
  if (!options.json.empty()) reports::write_whole(options.json, json);
  if (!options.reports.empty()) {
    write_reports(options.reports, records);
    fmt::print("\npage: {}\n", page_in(options.reports));
  }
  return asked_nothing(records) ? 2 : exit_status(records);
}

}  // namespace audit::commands
