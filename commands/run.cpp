#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <regex>

#include "commands/common.hpp"
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

}  // namespace

int run(const Options& options) {
  const Effort asked = effort_named(options.effort);
  const Targets targets = targets_named(options.targets);
  const Shard shard = shard_named(options.shard);
  const std::regex filter = pattern(options.filter);
  const auto units = units_of(targets, asked.elements, filter, shard);

  make_directory(options.out);
  const Interrupt interrupt;
  reports::Journal journal(options.out,
                           fmt::format("run --effort {} --seed {} --filter '{}' --shard {} --target '{}', commit {}",
                                       options.effort, options.seed, options.filter, options.shard,
                                       fmt::join(options.targets, " "), reports::this_build().commit),
                           options.resume);
  Records records = measure_accuracy(units, targets, options.seed, &journal, interrupt.token());
  if (shard.index == 1) {
    std::ranges::move(try_laws(targets, asked.law_rows, options.seed, interrupt.token()), std::back_inserter(records));
    std::ranges::move(measure_speed(targets, asked.speed, interrupt.token()), std::back_inserter(records));
  }
  std::erase_if(records, [&](const reports::Record& r) {
    return !std::regex_search(fmt::format("{}:{}:{}:{}:n={}", r.target, r.map, r.format, r.family, r.n), filter);
  });
  if (records.empty()) throw Refused(fmt::format("--filter {}: leaves nothing to check", options.filter));

  Targets listed = targets;
  if (options.targets.empty())
    for (const auto& target : impls::catalogue())
      if (!target.absent.empty()) listed.push_back(&target);
  Records all = contracts(listed);
  std::ranges::move(records, std::back_inserter(all));
  stamp(all);
  publish(options.out, all);
  journal.finish();
  return exit_status(all);
}

}  // namespace audit::commands
