// From records that are there: merge them, hold them against a baseline, report them again.

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "commands/common.hpp"
#include "reports/files.hpp"
#include "reports/gate.hpp"

namespace audit::commands {

int merge(const Options& options) {
  Records merged;
  std::map<std::string, std::string> lines;  // by key; a second one must say the same
  for (const std::string& directory : options.directories)
    for (const reports::Record& record : reports::read_records(directory)) {
      const std::string key =
          fmt::format("{} {} {} {} {} n={} {} {}", record.kind, record.target, record.map, record.format, record.family,
                      record.n, record.cache, record.comparison ? record.comparison->versus : "");
      const auto [at, fresh] = lines.emplace(key, reports::to_line(record));
      if (fresh) {
        merged.push_back(record);
      } else if (at->second != reports::to_line(record) && record.kind != "speed") {
        throw Refused(
            fmt::format("{}: its record '{}' differs from another one's; merge shards of one run", directory, key));
      }
    }
  make_directory(options.out);
  publish(options.out, merged);
  return exit_status(merged);
}

int gate(const Options& options) {
  const Records candidate = reports::read_records(options.candidate);
  if (options.update) {
    reports::write_baseline(options.baseline, reports::baseline_of(candidate));
    fmt::print("{}: written from {}\n", options.baseline, options.candidate);
    return 0;
  }
  const auto result = reports::gate(reports::read_baseline(options.baseline), candidate);
  fmt::print("{}", reports::terminal_gate(result));
  if (!options.junit.empty()) reports::write_whole(options.junit, reports::junit(result));
  return reports::fails(result.verdict) ? 1 : 0;
}

int report(const Options& options) {
  const Records records = reports::read_records(options.directories.at(0));
  publish(options.directories[0], records);
  return exit_status(records);
}

}  // namespace audit::commands
