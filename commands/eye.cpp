#include "properties/eye.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "commands/common.hpp"
#include "properties/laws.hpp"
#include "properties/tolerances.hpp"

namespace audit::commands {
namespace {

using properties::Sight;

std::vector<reports::Eye::Mutant> mutants() {
  std::vector<reports::Eye::Mutant> all;
  for (const Sight& sight : properties::eye())
    if (!sight.honest && (all.empty() || all.back().name != sight.target)) all.push_back({sight.target, sight.map});
  std::ranges::stable_sort(all, {}, [](const auto& mutant) { return impls::find_map(mutant.map)->map; });
  return all;
}

const Sight* find(Sight::By by, const std::string& judge, const std::string& target) {
  const auto& all = properties::eye();
  const auto found = std::ranges::find_if(
      all, [&](const Sight& sight) { return sight.by == by && sight.judge == judge && sight.target == target; });
  return found == all.end() ? nullptr : &*found;
}

/// `asks_all`: what the table does not say was looked at, and nothing was seen.
reports::Eye::Judge judge(const std::vector<reports::Eye::Mutant>& mutants, Sight::By by, const std::string& name,
                          bool asks_all) {
  reports::Eye::Judge made{name, "", {}, {}};
  for (const auto& mutant : mutants) {
    const Sight* sight = find(by, name, mutant.name);
    made.seen.push_back(sight ? std::optional(sight->row) : asks_all ? std::optional<std::string>("") : std::nullopt);
  }
  for (const Sight& sight : properties::eye())
    if (sight.honest && sight.by == by && sight.judge == name && !sight.row.empty())
      made.accused.push_back(sight.target);
  return made;
}

}  // namespace

reports::Eye eye() {
  reports::Eye eye{mutants(), {}, {}};
  for (const auto& law : properties::laws()) {
    eye.laws.push_back(judge(eye.mutants, Sight::By::law, std::string(law.name), true));
    eye.laws.back().note =
        law.stands.empty() ? law.statement : fmt::format("{}. It stands: {}", law.statement, law.stands);
  }
  using Kind = impls::Accident::Kind;
  for (const Kind kind : {Kind::crashed, Kind::timed_out, Kind::trespassed}) {
    eye.laws.push_back(judge(eye.mutants, Sight::By::law, std::string(impls::label(kind)), true));
    eye.laws.back().note = impls::instead_of(kind);
  }
  for (const auto& tolerance : properties::tolerances()) {
    const std::string name(tolerance.name), source = fmt::format(" ({})", tolerance.source);
    eye.tolerances.push_back(
        {judge(eye.mutants, Sight::By::own_rows, name, false), judge(eye.mutants, Sight::By::our_rows, name, false)});
    auto& [own_rows, our_rows] = eye.tolerances.back();
    own_rows.note = fmt::format("{}; {}{}", tolerance.close, tolerance.asks, source);
    our_rows.note = fmt::format("{}{}", tolerance.close, source);
  }
  return eye;
}

}  // namespace audit::commands
