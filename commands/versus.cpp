// Times of targets beside those of another, in turn.

#include "bench/versus.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "commands/common.hpp"
#include "reports/progress.hpp"

namespace audit::commands {
namespace {

using impls::Implementation;
using reports::Record;
using reports::TimeComparison;

/// What a foreign target calls its function; the whole name of one of the catalogue.
std::string function_name(const Implementation& target) {
  return target.name.substr(target.name.find(':', target.name.rfind('/') + 1) + 1);
}

/// The one of `others` to compare a target with: the only one of its map, or the one of its function's name.
const Implementation& other_of(const Implementation& target, const std::vector<Implementation>& others,
                               const std::string& name) {
  Targets of_map;
  for (const Implementation& other : others)
    if (other.map == target.map) of_map.push_back(&other);
  const std::string_view map = impls::traits(target.map).name;
  if (of_map.empty())
    throw Refused(fmt::format("--versus {}: no {}, which '{}' is; give one of the same map", name, map, target.name));
  if (of_map.size() == 1) return *of_map.front();
  for (const Implementation* other : of_map)
    if (function_name(*other) == function_name(target)) return *other;
  throw Refused(fmt::format("--versus {}: {} functions are a {} and none is named '{}'; give one of them", name,
                            of_map.size(), map, function_name(target)));
}

std::vector<bench::Pair> pairs_of(const std::vector<Implementation>& targets, const std::vector<Implementation>& others,
                                  const std::string& name) {
  std::vector<bench::Pair> pairs;
  for (const Implementation& target : targets) pairs.push_back({&target, &other_of(target, others, name)});
  return pairs;
}

bench::VersusPlan plan_of(const Options& options) {
  const bench::SpeedPlan sizes = effort_named("quick").speed;
  const auto formats = options.format.empty() ? sizes.formats : std::vector{format_named(options.format)};
  if (std::ranges::find(options.lengths, 0U) != options.lengths.end())
    throw Refused("--n 0: a row has at least one entry");
  const auto& in_cache = options.lengths.empty() ? sizes.in_cache : options.lengths;
  const auto& out_of_cache = options.lengths.empty() ? sizes.out_of_cache : options.lengths;
  bench::VersusPlan plan;
  plan.cells = bench::cells_of(formats, in_cache, out_of_cache);
  plan.threshold = options.threshold / 100;
  return plan;
}

Records measure(const std::vector<bench::Pair>& pairs, const bench::VersusPlan& plan, const std::stop_token& stop) {
  reports::Progress progress("speed");
  const auto at = [&](std::size_t done, std::size_t total) {
    progress.at(static_cast<double>(done) / static_cast<double>(total));
  };
  Records records = bench::versus(pairs, plan, at, stop);
  if (stop.stop_requested()) throw Stopped("stopped while speed was compared; nothing is kept");
  return records;
}

std::string interval(double low, double high) { return fmt::format("[{:.4f}, {:.4f}]", low, high); }

/// The control first.
void print_comparison(const Record& record, const Record& other) {
  const TimeComparison& with = *record.comparison;
  const auto said = [&](double low, double high) {
    return fmt::format("{}  {}", interval(low, high), reports::time_difference(low, high, with.threshold));
  };
  fmt::print("{:<6} {:>7} {:<4} A / A          {}\n", record.format, record.n, record.cache,
             said(with.control_low, with.control_high));
  fmt::print("{:<19} A / B  ", "");
  if (with.ratio)
    fmt::print("{:<7.4f} {}", *with.ratio, said(*with.ratio_low, *with.ratio_high));
  else
    fmt::print("cannot be told now");
  fmt::print(" ({:.3f} / {:.3f} ns an element, {} instances)\n", *record.ns_median, *other.ns_median, with.instances);
}

void print(const Records& records, double threshold) {
  fmt::print("time / time, its 95 % interval; a difference is {:g} % or more\n", threshold);
  std::string pair;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const Record& record = records[i];
    if (record.comparison) {
      const std::string now = fmt::format("A {}, B {}, {}\n", record.target, record.comparison->versus, record.map);
      if (now != pair) fmt::print("{}", pair = now);
      print_comparison(record, records[i + 1]);
    } else if (!record.ns_median) {
      fmt::print("{} {} n={} {}: {}: a wrong answer has no speed\n", record.target, record.format, record.n,
                 record.cache, record.verdict);
    }
  }
}

/// Whether some pair offers a format of the plan, and a map that is timed.
bool can_be_timed(const std::vector<bench::Pair>& pairs, const bench::VersusPlan& plan) {
  return std::ranges::any_of(pairs, [&](const bench::Pair& pair) {
    return std::ranges::any_of(plan.cells, [&](const bench::Cell& cell) {
      return bench::offers(*pair.target, cell.format) && bench::offers(*pair.other, cell.format);
    });
  });
}

/// The first whose control failed; null where none did.
const Record* untold(const Records& records) {
  const auto found = std::ranges::find_if(
      records, [](const Record& record) { return record.comparison && !record.comparison->ratio; });
  return found == records.end() ? nullptr : &*found;
}

}  // namespace

int versus(const Options& options) {
  if (options.targets.empty()) throw Refused("--versus: compared with what? give --target");
  const Interrupt interrupt;
  const auto targets = targets_named(options);
  Options of_other = options;
  of_other.targets = {options.versus};
  const auto others = targets_named(of_other);
  const auto pairs = pairs_of(targets, others, options.versus);
  const bench::VersusPlan plan = plan_of(options);
  if (!can_be_timed(pairs, plan))
    throw Refused(fmt::format("--versus {}: no format that both offer, in which they could be timed", options.versus));
  Records records = measure(pairs, plan, interrupt.token());
  stamp(records);
  print(records, options.threshold);
  if (!options.json.empty()) reports::write_records(options.json, records);
  if (const int status = exit_status(records)) return status;
  if (const Record* record = untold(records))
    throw Refused(fmt::format(
        "this machine cannot tell now: {} {} n={}, cache {}, takes {} times as long as itself; try again when "
        "less runs on it, or give a larger --threshold",
        record->target, record->format, record->n, record->cache,
        interval(record->comparison->control_low, record->comparison->control_high)));
  return 0;
}

}  // namespace audit::commands
