// One target at a time: hunt its worst row, time it, replay a case.

#include <fmt/format.h>

#include <algorithm>

#include "bench/hunt.hpp"
#include "bench/replay.hpp"
#include "commands/common.hpp"
#include "properties/check.hpp"
#include "reference/cases.hpp"
#include "reports/files.hpp"
#include "reports/progress.hpp"
#include "reports/summary.hpp"

namespace audit::commands {
namespace {

std::string lines_of(const Records& records) {
  std::string lines;
  for (const auto& record : records) lines += reports::to_line(record) + "\n";
  return lines;
}

/// How much faster the oracle is; between brackets what the slowest and the fastest repetitions allow.
void print_oracle(const reports::Record& oracle, const reports::Record& plain) {
  fmt::print("oracle {} n={}: {:.3g} elements certified a second, {:.0f} × plain MPFR at 128 bits [{:.0f}, {:.0f}]\n",
             oracle.format, oracle.n, 1e9 / *oracle.ns_median, *plain.ns_median / *oracle.ns_median,
             *plain.ns_min / *oracle.ns_max, *plain.ns_max / *oracle.ns_min);
}

}  // namespace

int hunt(const Options& options) {
  const Interrupt interrupt;
  const impls::Implementation target = single_target(options);
  const auto& formats = target.formats;
  const std::size_t n = options.lengths.empty() ? 16 : options.lengths[0];
  if (n == 0) throw Refused("--n 0: a row has at least one entry");
  Records records;
  for (const impls::Format& format : formats) {
    {
      reports::Progress progress(fmt::format("hunt {} {} n={}", target.name, format.name, n));
      records.push_back(bench::hunt(
          target, format, n, options.seconds / static_cast<double>(formats.size()), options.seed,
          [&](double fraction, double worst) { progress.at(fraction, fmt::format("worst {:.4g} ulp", worst)); },
          interrupt.token()));
    }
    const auto& found = records.back();
    if (found.max_ulp)
      fmt::print("{} {}: worst error {:+.5g} ulp at element {} after {} rows; {:.1f} % of its claim used\n  {}\n",
                 target.name, format.name, *found.max_ulp, found.max_ulp_element, found.rows,
                 100 * found.bound_utilisation.value_or(0), reports::replay_line(target.name, found.max_ulp_case));
  }
  stamp(records);
  if (!options.json.empty()) reports::write_whole(options.json, lines_of(records));
  return exit_status(records);
}

int speed(const Options& options) {
  const Interrupt interrupt;
  const auto implementations = targets_named(options);
  const Targets targets = pointers(implementations);
  bench::SpeedPlan plan = effort_named(options.effort == "quick" ? "standard" : options.effort).speed;
  if (!options.format.empty()) plan.formats = {format_named(options.format)};
  if (std::ranges::find(options.lengths, 0U) != options.lengths.end())
    throw Refused("--n 0: a row has at least one entry");
  if (!options.lengths.empty()) plan.in_cache = plan.out_of_cache = options.lengths;
  plan.oracle = options.targets.empty();
  Records records = measure_speed(targets, plan, interrupt.token());
  stamp(records);
  fmt::print("{:<22} {:<6} {:>7} {:<5} {:>26} {:>8} {:>9}\n", "target", "form.", "n", "cache",
             "ns an element (min med max)", "GB/s", "of copy");
  for (const auto& r : records) {
    if (r.ns_median) {
      fmt::print("{:<22} {:<6} {:>7} {:<5} {:>8.3f} {:>8.3f} {:>8.3f} {:>9.2f} {:>8.0f} %\n", r.target, r.format, r.n,
                 r.cache, *r.ns_min, *r.ns_median, *r.ns_max, r.gb_per_s.value_or(0),
                 100 * r.roofline_fraction.value_or(0));
    } else {
      fmt::print("{:<22} {:<6} {:>7} {:<5} {}: a wrong answer has no speed\n", r.target, r.format, r.n, r.cache,
                 r.verdict);
    }
  }
  for (std::size_t i = 1; i < records.size(); ++i)
    if (records[i].target == "mpfr_128") print_oracle(records[i - 1], records[i]);
  if (!options.json.empty()) reports::write_whole(options.json, lines_of(records));
  return exit_status(records);
}

int replay(const Options& options) {
  const reference::Case question = reference::rebuild(options.case_id);
  const impls::Implementation target = single_target(options, &question);
  const auto again = bench::replay(target, question, 40);
  fmt::print("{}, {}\n{}", target.name, reference::id(question).substr(0, 200), again.table);
  if (!again.answered) return 1;
  bool kept = again.kept;
  for (const auto& [law, finding] : properties::hold(target, question)) {
    if (finding) {
      fmt::print("law broken: {}: got {}, want {}\n", law->name, finding->got, finding->want);
    } else {
      fmt::print("law kept:   {}\n", law->name);
    }
    kept = kept && !finding;
  }
  return kept ? 0 : 1;
}

}  // namespace audit::commands
