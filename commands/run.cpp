#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <regex>

#include "commands/common.hpp"
#include "properties/laws.hpp"
#include "reports/provenance.hpp"

namespace audit::commands {
namespace {

struct Shard {
  std::size_t index = 1, count = 1;
};

Shard shard_named(const std::string& text) {
  std::smatch parts;
  if (std::regex_match(text, parts, std::regex("([0-9]{1,6})/([0-9]{1,6})"))) {
    const Shard shard{std::stoul(parts[1]), std::stoul(parts[2])};
    if (shard.index >= 1 && shard.index <= shard.count) return shard;
  }
  throw Refused(fmt::format("--shard {}: give I/N with 1 ≤ I ≤ N", text));
}

std::regex pattern(const std::string& text) try {
  return std::regex(text, std::regex::ECMAScript | std::regex::optimize);
} catch (const std::regex_error&) {
  throw Refused(fmt::format("--filter {}: is no regular expression", text));
}

/// What --filter looks at.
std::string key(const std::string& target, const std::string& map, const std::string& format, const std::string& family,
                std::size_t n) {
  return fmt::format("{}:{}:{}:{}:n={}", target, map, format, family, n);
}
std::string key(const reports::Record& r) {
  return key(r.target, r.map, r.format, r.kind == "speed" ? "speed" : r.family, r.n);
}

/// The units that the filter leaves to this shard.
std::vector<bench::Unit> units_of(const Targets& targets, std::size_t elements, const std::regex& filter, Shard shard) {
  std::vector<bench::Unit> units;
  std::size_t hits = 0;
  for (const bench::Unit& unit : bench::plan(targets, elements)) {
    const auto wanted = [&](const auto* target) {
      return target->map == unit.map && std::regex_search(bench::key(target->name, unit), filter);
    };
    if (std::ranges::any_of(targets, wanted) && hits++ % shard.count == shard.index - 1) units.push_back(unit);
  }
  return units;
}

/// The targets of which the filter leaves something, in one of the families (or laws), at one of the lengths.
Targets left_of(const Targets& targets, const std::regex& filter, const std::vector<std::string>& families,
                const std::vector<std::size_t>& lengths) {
  Targets left;
  for (const auto* target : targets) {
    bool wanted = false;
    for (const auto& format : target->formats)
      for (const auto& family : families)
        for (const std::size_t n : lengths)
          wanted = wanted || std::regex_search(key(target->name, std::string(impls::traits(target->map).name),
                                                   std::string(format.name), family, n),
                                               filter);
    if (wanted) left.push_back(target);
  }
  return left;
}

std::vector<std::string> law_names() {
  std::vector<std::string> names;
  for (const auto& law : properties::laws()) names.emplace_back(law.name);
  return names;
}

std::vector<std::size_t> timed_lengths(const bench::SpeedPlan& plan) {
  std::vector<std::size_t> lengths = plan.in_cache;
  std::ranges::copy(plan.out_of_cache, std::back_inserter(lengths));
  return lengths;
}

/// Everything that can be asked entirely, as far as the filter leaves it to this shard.
std::vector<Enumeration> enumerations_of(const Targets& targets, const std::regex& filter, Shard shard) {
  std::vector<Enumeration> left;
  std::size_t hits = 0;
  for (const Enumeration& one : enumerations(targets))
    if (std::regex_search(bench::key(one.target->name, one.space), filter) && hits++ % shard.count == shard.index - 1)
      left.push_back(one);
  return left;
}

/// A sweep over the families, and, in the first shard, laws and speed.
Records sampled(const Options& options, const Effort& asked, const Targets& targets, const std::regex& filter,
                Shard shard, reports::Journal& journal, const std::stop_token& stop) {
  const auto units = units_of(targets, asked.elements, filter, shard);
  Records records = measure_accuracy(units, targets, options.seed, &journal, stop);
  if (shard.index == 1) {
    const Targets tried = left_of(targets, filter, law_names(), {0});
    if (!tried.empty())
      std::ranges::move(try_laws(tried, asked.law_rows, options.seed, stop), std::back_inserter(records));
    const Targets timed = left_of(targets, filter, {"speed"}, timed_lengths(asked.speed));
    if (!timed.empty()) std::ranges::move(measure_speed(timed, asked.speed, stop), std::back_inserter(records));
  }
  std::erase_if(records, [&](const reports::Record& r) { return !std::regex_search(key(r), filter); });
  return records;
}

}  // namespace

int run(const Options& options) {
  const Effort asked = effort_named(options.effort);
  const Interrupt interrupt;
  const auto implementations = targets_named(options);
  const Targets targets = pointers(implementations);
  const Shard shard = shard_named(options.shard);
  const std::regex filter = pattern(options.filter);

  make_directory(options.out);
  reports::Journal journal(options.out,
                           fmt::format("run --effort {} --seed {} --filter '{}' --shard {} --target '{}', commit {}",
                                       options.effort, options.seed, options.filter, options.shard,
                                       fmt::join(options.targets, " "), reports::this_build().commit),
                           options.resume);
  Records records = asked.exhaustive ? enumerate(enumerations_of(targets, filter, shard), &journal, interrupt.token())
                                     : sampled(options, asked, targets, filter, shard, journal, interrupt.token());
  if (records.empty()) throw Refused(fmt::format("--filter {}: leaves nothing to check", options.filter));

  Targets listed = targets;
  if (options.targets.empty())
    for (const auto& target : impls::catalogue())
      if (!target.absent.empty()) listed.push_back(&target);
  Records all = contracts(listed);
  answer_special_rows(all, targets);
  std::ranges::move(records, std::back_inserter(all));
  stamp(all);
  publish(options.out, all);
  journal.finish();
  return exit_status(all);
}

}  // namespace audit::commands
