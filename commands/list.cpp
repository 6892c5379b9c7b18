#include <fmt/format.h>
#include <fmt/ranges.h>

#include "commands/common.hpp"
#include "properties/eye.hpp"
#include "properties/laws.hpp"
#include "reference/cases.hpp"

namespace audit::commands {
namespace {

std::string formats_of(const impls::Implementation& target) {
  std::string formats;
  for (const auto& format : target.formats) formats += (formats.empty() ? "" : " ") + std::string(format.name);
  return formats;
}

void print_target(const impls::Implementation& target) {
  fmt::print("{:<22} {:<15} {:<8} claims {}\n", target.name, impls::traits(target.map).name, formats_of(target),
             target.claim.bound.empty() ? "nothing" : target.claim.bound);
}

void list_targets() {
  for (const auto& target : impls::catalogue()) {
    if (target.absent.empty())
      print_target(target);
    else
      fmt::print("{:<22} absent: {}\n", target.name, target.absent);
  }
}

/// How many mutants die of a law, and which of it alone; where none does, why it stands.
std::string needed_for(const properties::Law& law) {
  const std::string all = fmt::format("{} of the mutants", properties::killed_by(law.name).size());
  const auto alone = properties::killed_by_it_alone(law.name);
  return alone.empty() ? fmt::format("{}, none of them alone; it stands: {}", all, law.stands)
                       : fmt::format("{}, alone {}", all, fmt::join(alone, ", "));
}

void list_laws() {
  for (const auto& law : properties::laws()) {
    std::string maps;
    for (const auto& map : impls::maps)
      if (law.holds_for(map.map)) maps += (maps.empty() ? "" : ", ") + std::string(map.name);
    fmt::print("{}\n  {}\n  maps    {}\n  slack   {}\n  source  {}\n  kills   {}\n", law.name, law.statement, maps,
               law.slack, law.source, needed_for(law));
  }
}

void list_formats() {
  for (const auto& format : impls::formats)
    fmt::print("{:<6} p = {:2}, emin = {:5}, emax = {:4}, {:2} bits{}\n", format.name, format.precision, format.emin,
               format.emax, 8 * format.bytes, format.infinities ? "" : ", no infinities");
}

void list_families() {
  for (const auto& family : reference::families())
    fmt::print("{:<34} {}{}\n", family.name, family.brings_out,
               family.fixed_n ? fmt::format(", {} rows of {}", family.rows, family.fixed_n) : "");
}

}  // namespace

int list(const Options& options) {
  if (options.topic == "targets") {
    list_targets();
  } else if (options.topic == "laws") {
    list_laws();
  } else if (options.topic == "maps") {
    for (const auto& map : impls::maps) fmt::print("{}\n", map.name);
  } else if (options.topic == "formats") {
    list_formats();
  } else if (options.topic == "families") {
    list_families();
  } else if (impls::is_foreign(options.topic)) {
    for (const auto& target : target_named(options.topic, options)) print_target(target);
  } else {
    throw Refused(
        fmt::format("list {}: give targets, laws, maps, formats, families, or a shared object", options.topic));
  }
  return 0;
}

}  // namespace audit::commands
