#include "properties/relatives.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "properties/evidence.hpp"

namespace audit::properties {
namespace {

using impls::Map;

constexpr std::array family{Map::softmax, Map::log_softmax, Map::logsumexp, Map::cross_entropy, Map::cross_entropy_vjp};

bool of_family(Map map) { return std::ranges::find(family, map) != family.end(); }

std::int64_t chosen_target(const impls::Row& row) {
  std::vector<std::int64_t> unmasked;
  for (std::size_t j = 0; j < row.x.size(); ++j)
    if (row.x[j] != -INFINITY) unmasked.push_back(static_cast<std::int64_t>(j));
  return unmasked[fingerprint(row) % unmasked.size()];
}

}  // namespace

std::vector<impls::Implementation> relatives(const impls::Implementation& target, const impls::Format& format) {
  std::vector<impls::Implementation> found;
  if (!target.library || !of_family(target.map)) return found;
  for (auto& function : target.library()) {
    const bool offered = std::ranges::find(function.formats, format) != function.formats.end();
    const bool other = function.map != target.map && of_family(function.map);
    if (offered && other && std::ranges::find(found, function.map, &impls::Implementation::map) == found.end())
      found.push_back(std::move(function));
  }
  return found;
}

std::optional<reference::Case> asked_of(Map map, const reference::Case& question) {
  impls::Row row = question.row;
  const impls::MapTraits& traits = impls::traits(map);
  if (row.temperature != 1 && !traits.takes_temperature) return std::nullopt;
  if (!traits.takes_target) row.target.clear();
  if (traits.takes_target && row.target.empty()) row.target = {chosen_target(row)};
  return reference::spelled_out(map, question.format, std::move(row));
}

}  // namespace audit::properties
