// One target at a time: hunt its worst row, replay a case.

#include <fmt/format.h>

#include "bench/hunt.hpp"
#include "bench/replay.hpp"
#include "commands/common.hpp"
#include "properties/check.hpp"
#include "reference/cases.hpp"
#include "reports/progress.hpp"
#include "reports/summary.hpp"

namespace audit::commands {

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
  if (!options.json.empty()) reports::write_records(options.json, records);
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
