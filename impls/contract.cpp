#include "impls/contract.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

namespace audit::impls {

const MapTraits& traits(Map map) {
  const auto it = std::ranges::find(maps, map, &MapTraits::map);
  if (it == maps.end()) throw std::out_of_range("a map without traits");
  return *it;
}

const MapTraits* find_map(std::string_view name) {
  const auto it = std::ranges::find(maps, name, &MapTraits::name);
  return it == maps.end() ? nullptr : &*it;
}

std::size_t length(Map map, const Row& row) { return row.x.size() + (traits(map).takes_tree ? 1 : 0); }

std::size_t outputs(Map map, std::size_t n) { return traits(map).one_number_out ? 1 : n; }

std::string_view label(Accident::Kind kind) {
  constexpr std::array<std::string_view, 4> labels{"crashed", "timed out", "trespassed", "given up"};
  return labels[static_cast<std::size_t>(kind)];
}

std::string not_supported(int status) { return "not supported, it returns " + std::to_string(status); }

std::string_view instead_of(Accident::Kind kind) {
  if (kind != Accident::Kind::trespassed) return "an answer";
  return "only its own elements touched, and all else as it was found";
}

Bound rounded_once(const Bound& bound) {
  if (bound.relative == 0 && bound.absolute == 0) return bound;
  return {1.5 * bound.relative, 1.5 * bound.absolute, 0.5};
}

bool in_domain(const Claim& claim, const Row& row, const Format& format) {
  const auto finite = [](double v) { return std::isfinite(v); };
  const auto masked_or_finite = [](double v) { return std::isfinite(v) || v == -INFINITY; };
  if (!std::ranges::all_of(row.x, masked_or_finite)) return false;
  if (!row.x.empty() && std::ranges::none_of(row.x, finite)) return false;
  if (!std::ranges::all_of(row.operand, finite)) return false;
  return !claim.domain.contains || claim.domain.contains(row, format);
}

bool covers(const Claim& claim, Row row, const Format& format) {
  const auto special = [](double x) { return !(x < INFINITY); };
  std::ranges::replace_if(row.x, special, -INFINITY);
  std::ranges::replace_if(row.operand, [](double g) { return std::isnan(g); }, 0.0);
  if (!row.x.empty() && std::ranges::count(row.x, -INFINITY) == std::ssize(row.x)) {
    row.x.push_back(0);
    if (!row.operand.empty()) row.operand.push_back(0);
  }
  return in_domain(claim, row, format);
}

}  // namespace audit::impls
