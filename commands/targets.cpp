// What TARGET, --map and --format on a command line stand for.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "commands/common.hpp"

namespace audit::commands {
namespace {

using impls::Implementation;

std::string map_name(const Implementation& target) { return std::string(impls::traits(target.map).name); }

bool offers(const Implementation& target, const impls::Format& format) {
  return std::ranges::find(target.formats, format) != target.formats.end();
}

/// The maps of several targets, for a message.
std::string maps_of(const std::vector<Implementation>& targets) {
  std::vector<std::string> names;
  for (const auto& target : targets)
    if (std::ranges::find(names, map_name(target)) == names.end()) names.push_back(map_name(target));
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

std::string declared(const std::string& name, const Options& options) {
  if (options.symbol.empty()) return name;
  if (!impls::is_foreign(name))
    throw Refused(fmt::format("--symbol {}: '{}' is no shared object; give ./FILE.so", options.symbol, name));
  const std::string& signature = options.signature;
  const std::size_t open = signature.find('(');
  if (open == std::string::npos)
    throw Refused(
        fmt::format("--signature '{}': no parameters; write void (const f32 *x, f32 *y, size_t n)", signature));
  std::string head = signature.substr(0, open);
  head.erase(head.find_last_not_of(' ') + 1);
  const std::string map = options.map.empty() ? "" : options.map + " ";
  return fmt::format("{}:{}{} {}{}", name, map, head, options.symbol, signature.substr(open));
}

std::vector<Implementation> target_named(const std::string& name, const Options& options) {
  if (const auto* target = impls::find(name)) {
    if (!target->absent.empty()) throw Refused(fmt::format("target '{}' cannot be run: {}", name, target->absent));
    return {*target};
  }
  if (impls::is_foreign(name)) return impls::load(name, {.timeout = options.timeout});
  throw Refused(fmt::format(
      "no target '{}'; 'softmax-audit list targets' names them all, or give a shared object, ./FILE.so", name));
}

std::vector<Implementation> targets_named(const Options& options) {
  std::vector<Implementation> targets;
  for (const std::string& name : options.targets)
    std::ranges::move(target_named(name, options), std::back_inserter(targets));
  if (options.targets.empty())
    std::ranges::copy_if(impls::catalogue(), std::back_inserter(targets),
                         [](const Implementation& target) { return target.absent.empty(); });
  return targets;
}

void narrow(std::vector<Implementation>& targets, const std::string& name, const Options& options) {
  if (!options.map.empty()) {
    const impls::Map map = map_named(options.map);
    const std::string offered = maps_of(targets);
    std::erase_if(targets, [&](const Implementation& target) { return target.map != map; });
    if (targets.empty()) throw Refused(fmt::format("--map {}: '{}' is a {}", options.map, name, offered));
  }
  if (!options.format.empty()) {
    const impls::Format& format = format_named(options.format);
    std::erase_if(targets, [&](const Implementation& target) { return !offers(target, format); });
    if (targets.empty()) throw Refused(fmt::format("--format {}: '{}' does not offer it", format.name, name));
    for (Implementation& target : targets) target.formats = {format};
  }
}

Implementation single_target(const Options& options, const reference::Case* question) {
  const std::string& name = options.targets.at(0);
  auto targets = target_named(name, options);
  narrow(targets, name, options);
  if (question) {
    const std::string offered = maps_of(targets);
    std::erase_if(targets, [&](const Implementation& target) { return target.map != question->map; });
    if (targets.empty())
      throw Refused(
          fmt::format("'{}' is a {}, the case asks for {}", name, offered, impls::traits(question->map).name));
    std::erase_if(targets, [&](const Implementation& target) { return !offers(target, question->format); });
    if (targets.empty())
      throw Refused(fmt::format("'{}' does not offer {}, the format of the case", name, question->format.name));
  }
  if (targets.size() == 1) return targets.front();
  std::vector<std::string> names;
  for (const auto& target : targets) names.push_back(fmt::format("{} ({})", target.name, map_name(target)));
  throw Refused(
      fmt::format("'{}' stands for {}; give one of them, or --map or --format", name, fmt::join(names, ", ")));
}

Targets pointers(const std::vector<Implementation>& targets) {
  Targets made;
  for (const Implementation& target : targets) made.push_back(&target);
  return made;
}

}  // namespace audit::commands
