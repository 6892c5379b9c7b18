#include "reference/companions.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "reference/tree.hpp"

namespace audit::reference {
namespace {

using impls::Format;
using impls::Map;
using impls::Row;

constexpr std::array temperatures{0.1, 0.25, 0.3, 0.5, 0.7, 1.5, 2.0, 3.0, 10.0};
constexpr std::uint32_t noise = 0x7000, gradient = 0x8000, chosen = 0x9000;

double gradient_at(const Stream& stream, std::size_t i, std::size_t hot) {
  switch (stream.index() % 4) {
    case 1:
      return static_cast<double>(stream.bits(i, gradient) % 3) - 1;
    case 3:
      return i == hot ? stream.normal(i, gradient) : 0;
    default:
      return stream.normal(i, gradient);
  }
}

std::vector<double> draw_operand(Map map, const Format& format, const Stream& stream, const std::vector<double>& x) {
  const std::size_t hot = stream.bits(0, chosen) % x.size();
  std::vector<double> operand;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double drawn = map == Map::gumbel_softmax ? stream.gumbel(i, noise) : gradient_at(stream, i, hot);
    const bool unused = map == Map::log_softmax_vjp && x[i] == -INFINITY;
    operand.push_back(unused ? 0 : impls::round_to(format, drawn));
  }
  return operand;
}

std::int64_t draw_target(const Stream& stream, const std::vector<double>& x) {
  std::size_t at = stream.bits(0, chosen) % x.size();
  const auto unlikelier = [](double a, double b) { return b == -INFINITY || (a != -INFINITY && a < b); };
  if (stream.index() % 3 == 1) at = static_cast<std::size_t>(std::ranges::max_element(x) - x.begin());
  if (stream.index() % 3 == 2) at = static_cast<std::size_t>(std::ranges::min_element(x, unlikelier) - x.begin());
  const auto unmasked = [&](double v) { return v != -INFINITY; };
  if (unmasked(x[at]) || std::ranges::none_of(x, unmasked)) return static_cast<std::int64_t>(at);
  while (!unmasked(x[at])) at = (at + 1) % x.size();
  return static_cast<std::int64_t>(at);
}

}  // namespace

void draw_companions(Map map, const Format& format, std::string_view family, const Stream& stream, Row& row) {
  const impls::MapTraits& traits = impls::traits(map);
  if (traits.takes_operand) row.operand = draw_operand(map, format, stream, row.x);
  if (traits.takes_temperature && family == "temperature")
    row.temperature = impls::round_to(format, temperatures[stream.index() % temperatures.size()]);
  if (traits.takes_target) row.target = {draw_target(stream, row.x)};
  if (traits.takes_tree) row.tree = draw_tree(stream, impls::length(map, row));
}

std::string_view fault(Map map, const Row& row) {
  const impls::MapTraits& traits = impls::traits(map);
  if (!(row.temperature > 0) || std::isinf(row.temperature)) return "a temperature is finite and above 0";
  if (row.temperature != 1 && !traits.takes_temperature) return "its map takes no temperature";
  if (row.operand.size() != (traits.takes_operand ? row.x.size() : 0))
    return traits.takes_operand ? "its operand is not as long as its row" : "its map takes no operand";
  if (row.target.size() != (traits.takes_target ? 1 : 0))
    return traits.takes_target ? "its map takes one target" : "its map takes no target";
  if (traits.takes_target && !row.x.empty() &&
      (row.target[0] < 0 || row.target[0] >= static_cast<std::int64_t>(row.x.size())))
    return "its target is none of its entries";
  if (!row.tree.empty() && !traits.takes_tree) return "its map takes no tree";
  return traits.takes_tree ? fault(row.tree, impls::length(map, row)) : std::string_view();
}

}  // namespace audit::reference
