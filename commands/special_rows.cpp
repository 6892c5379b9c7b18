// What each target makes of rows on which sources disagree, or an algorithm without care fails.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "commands/common.hpp"
#include "reference/cases.hpp"
#include "reference/companions.hpp"

namespace audit::commands {
namespace {

constexpr double inf = INFINITY;
constexpr std::array<std::array<double, 3>, 9> special_rows{{
    {NAN, 0, 1},
    {inf, 0, 1},
    {inf, inf, 0},
    {-inf, 0, 1},
    {-inf, -inf, 1},
    {-inf, -inf, -inf},
    {-0.0, 0, 0},
    {128, -128, 0},
    {-128, -128, -128},
}};

bool is_of(const impls::Format& format, double value) {
  const double rounded = impls::round_to(format, value);
  return rounded == value || (std::isnan(value) && std::isnan(rounded));
}

/// With the class 2 as target, no noise, and an upstream gradient that is 1 at the first entry.
impls::Row with_companions(const impls::Implementation& target, std::vector<double> x) {
  const impls::MapTraits& map = impls::traits(target.map);
  impls::Row row{.x = std::move(x)};
  if (map.takes_operand) row.operand = {target.map == impls::Map::gumbel_softmax ? 0.0 : 1.0, 0, 0};
  if (map.takes_target) row.target = {2};
  return row;
}

std::string answer(const impls::Implementation& target, const impls::Format& format, const impls::Row& row) try {
  const auto given = impls::ask(target, format, row);
  if (given.status != 0) return "not supported";
  std::string text;
  for (const double y : given.y) text += fmt::format("{}{:a}", text.empty() ? "" : " ", std::isnan(y) ? NAN : y);
  return text;
} catch (const impls::Accident& met) {
  return std::string(impls::label(met.kind));
}

}  // namespace

std::map<std::string, std::string> special_answers(const impls::Implementation& target, const impls::Format& format) {
  std::map<std::string, std::string> answers;
  for (const auto& x : special_rows) {
    if (!std::ranges::all_of(x, [&](double logit) { return is_of(format, logit); })) continue;
    const impls::Row row = with_companions(target, {x.begin(), x.end()});
    if (!reference::fault(target.map, row).empty()) continue;
    answers[reference::id(reference::spelled_out(target.map, format, row))] = answer(target, format, row);
  }
  return answers;
}

void answer_special_rows(Records& contracts, const Targets& targets) {
  for (reports::Record& contract : contracts)
    for (const auto* target : targets)
      if (is_of(contract, *target)) contract.answers = special_answers(*target, format_named(contract.format));
}

}  // namespace audit::commands
