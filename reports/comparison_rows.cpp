#include <fmt/format.h>

#include "reports/comparison.hpp"
#include "reports/rows.hpp"

namespace audit::reports {
namespace {

std::string figure(const Record& record) {
  std::string text = record.max_ulp ? digits(*record.max_ulp, true) : "";
  for (const auto& [outcome, times] : record.outcomes) {
    if (!has_number(outcome)) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", times, outcome);
  }
  return text;
}

std::string replay(const Record& record, const std::string& witness) {
  return witness.empty() ? "" : replay_line(record.target, witness);
}

std::string platforms(const Provenance& from) {
  return fmt::format("{}, {}, {}", from.machine.isa, from.build.compiler, from.machine.libm);
}

}  // namespace

MovedRow moved_row(const Moved& moved) {
  const Record &was = *moved.before, &is = *moved.now;
  MovedRow row{is.target,
               is.map,
               is.format,
               fmt::format("{}/{}", is.family, is.n),
               figure(was),
               figure(is),
               replay(was, moved.before_witness),
               replay(is, moved.now_witness)};
  if (row.before == row.now && was.mean_abs_ulp && is.mean_abs_ulp) {
    row.before += fmt::format(", {} on average", *was.mean_abs_ulp);
    row.now += fmt::format(", {} on average", *is.mean_abs_ulp);
  }
  return row;
}

std::string title(const Comparison& comparison) {
  const std::size_t broken = comparison.broken.size();
  const std::string more = broken > 0 ? fmt::format(", {} newly broken", broken) : "";
  if (comparison.compared == 0) return "nothing in common" + more;
  if (comparison.same == comparison.compared) return fmt::format("all {} as before{}", comparison.same, more);
  return fmt::format("{} worse{}, {} better, {} as before", comparison.worse.size(), more, comparison.better.size(),
                     comparison.same);
}

std::vector<std::string> reservations(const Comparison& comparison, const Names& names) {
  std::vector<std::string> all;
  if (!comparison.one_platform) {
    all.push_back(fmt::format("Two platforms ({}; {}): another compiler, libm or instruction set rounds otherwise",
                              platforms(*comparison.before.provenance), platforms(*comparison.now.provenance)));
  }
  if (const std::size_t keys = comparison.other_rows.size()) {
    all.push_back(fmt::format("Other rows were asked of {} keys, as of {} {} n={}: {}; their figures do not compare",
                              keys, comparison.other_rows[0].now->target, comparison.other_rows[0].now->family,
                              comparison.other_rows[0].now->n, comparison.other_rows[0].detail));
  }
  const auto alone = [&](std::size_t keys, const std::string& name, const std::vector<std::string>& targets) {
    if (keys == 0) return;
    std::string text = fmt::format("{} {} in {} only", keys, keys == 1 ? "key is" : "keys are", name);
    if (!targets.empty())
      text += fmt::format(", among them all of {}{}", targets[0],
                          targets.size() > 1 ? fmt::format(" and of {} more targets", targets.size() - 1) : "");
    all.push_back(text);
  };
  alone(comparison.keys_only_before, names.before, comparison.only_before);
  alone(comparison.keys_only_now, names.now, comparison.only_now);
  all.emplace_back("Times are not compared: they belong to one run, on one machine");
  return all;
}

}  // namespace audit::reports
