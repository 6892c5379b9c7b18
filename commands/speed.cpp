// Times of targets, beside a copy of the same bytes.

#include <fmt/format.h>

#include <algorithm>

#include "commands/common.hpp"
#include "reports/record.hpp"

namespace audit::commands {
namespace {

/// How much faster the oracle is; between brackets what the slowest and the fastest repetitions allow.
void print_oracle(const reports::Record& oracle, const reports::Record& plain) {
  fmt::print("oracle {} n={}: {:.3g} elements certified a second, {:.0f} × plain MPFR at 128 bits [{:.0f}, {:.0f}]\n",
             oracle.format, oracle.n, 1e9 / *oracle.ns_median, *plain.ns_median / *oracle.ns_median,
             *plain.ns_min / *oracle.ns_max, *plain.ns_max / *oracle.ns_min);
}

}  // namespace

int speed(const Options& options) {
  if (!options.versus.empty()) return versus(options);
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
  if (!options.json.empty()) reports::write_records(options.json, records);
  return exit_status(records);
}

}  // namespace audit::commands
