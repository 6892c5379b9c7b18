#include "properties/companions.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>

#include "reference/companions.hpp"

namespace audit::properties {
namespace {

using impls::Format;
using impls::Map;
using impls::Row;

/// Gumbel noise -log(-log U); now and then from the ends of a generator's range.
double draw_noise(Draws& draw, const Format& format) {
  double u = draw.unit();
  const double end = std::ldexp(1.0, -format.precision);
  if (draw.one_in(16)) u = draw.one_in(2) ? end : 1 - end;
  return draw.round(-std::log(-std::log(u)));
}

/// Standard normal, by Box & Muller's transform.
double draw_normal(Draws& draw) {
  return std::sqrt(-2 * std::log(draw.unit())) * std::cos(2 * std::numbers::pi * draw.unit());
}

/// As large as scaled losses make a gradient, now and then, and as small as what is left of one.
double draw_size(Draws& draw, const Format& format) {
  return std::ldexp(1.0, draw.one_in(4) ? draw.between(std::max(-60, format.emin), std::min(30, format.emax - 8))
                                        : draw.between(-8, 3));
}

std::vector<double> draw_gradient(Draws& draw, const Format& format, const std::vector<double>& x) {
  const std::size_t way = draw.below(5), hot = draw.below(x.size());
  const double size = draw_size(draw, format), same = draw_normal(draw);
  std::vector<double> gradient;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto small = static_cast<double>(draw.between(-1, 1));
    const std::array ways{draw_normal(draw), draw.full(draw.between(-6, 2)), small, i == hot ? same : 0.0, same};
    gradient.push_back(draw.round(size * ways[way]));
  }
  return gradient;
}

std::int64_t draw_target(Draws& draw, const std::vector<double>& x) {
  std::vector<std::size_t> unmasked;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (x[i] != -INFINITY) unmasked.push_back(i);
  const auto by_logit = [&](std::size_t a, std::size_t b) { return x[a] < x[b]; };
  const auto [least, most] = std::ranges::minmax_element(unmasked, by_logit);
  const std::array ways{unmasked[draw.below(unmasked.size())], *least, *most, unmasked.back()};
  return static_cast<std::int64_t>(ways[draw.below(ways.size())]);
}

/// Where leaves part: anywhere, or one from the others, which makes a chain.
enum class Splitting { anywhere, off_the_left, off_the_right };

/// Splits the leaves first … first + leaves - 1, again and again. Gives the number of the child.
std::int32_t split(Draws& draw, Splitting how, std::int32_t first, std::size_t leaves,
                   std::vector<std::int32_t>& tree) {
  if (leaves == 1) return -1 - first;
  const std::size_t node = tree.size() / 2;
  const std::array left_leaves{1 + draw.below(leaves - 1), std::size_t{1}, leaves - 1};
  const std::size_t left = left_leaves[static_cast<std::size_t>(how)];
  tree.resize(tree.size() + 2);
  const std::int32_t left_child = split(draw, how, first, left, tree);
  const std::int32_t right_child = split(draw, how, first + static_cast<std::int32_t>(left), leaves - left, tree);
  tree[2 * node] = left_child;
  tree[2 * node + 1] = right_child;
  return static_cast<std::int32_t>(node);
}

/// Fisher–Yates.
std::vector<std::int32_t> shuffled(Draws& draw, std::size_t count, std::size_t kept) {
  std::vector<std::int32_t> order(count);
  std::iota(order.begin(), order.end(), 0);
  for (std::size_t i = count; i > kept + 1; --i) std::swap(order[i - 1], order[kept + draw.below(i - kept)]);
  return order;
}

/// Gives the leaves other numbers, and the inner nodes but the root: a child may have a smaller one than its parent.
void renumber(Draws& draw, std::vector<std::int32_t>& tree) {
  const std::size_t inner = tree.size() / 2;
  const auto node = shuffled(draw, inner, 1), leaf = shuffled(draw, inner + 1, 0);
  std::vector<std::int32_t> renumbered(tree.size());
  for (std::size_t i = 0; i < tree.size(); ++i) {
    const std::int32_t child = tree[i];
    renumbered[2 * static_cast<std::size_t>(node[i / 2]) + i % 2] =
        child >= 0 ? node[static_cast<std::size_t>(child)] : -1 - leaf[static_cast<std::size_t>(-1 - child)];
  }
  tree = renumbered;
}

/// In half of all rows none, which says heap order; otherwise one in which nodes and leaves are numbered from the root
/// and the left, or anyhow.
void draw_tree(Draws& draw, Row& row) {
  if (draw.one_in(2)) return;
  split(draw, static_cast<Splitting>(draw.below(3)), 0, row.x.size() + 1, row.tree);
  if (draw.one_in(2) && !row.tree.empty()) renumber(draw, row.tree);
}

}  // namespace

void draw_companions(Draws& draw, Map map, const Format& format, Row& row) {
  const impls::MapTraits& traits = impls::traits(map);
  if (map == Map::gumbel_softmax) {
    for (std::size_t i = 0; i < row.x.size(); ++i) row.operand.push_back(draw_noise(draw, format));
  } else if (traits.takes_operand) {
    row.operand = draw_gradient(draw, format, row.x);
  }
  if (map == Map::log_softmax_vjp)
    for (std::size_t i = 0; i < row.x.size(); ++i)
      if (row.x[i] == -INFINITY) row.operand[i] = 0;
  if (traits.takes_target) row.target = {draw_target(draw, row.x)};
  if (traits.takes_tree) draw_tree(draw, row);
}

bool consistent(Map map, const Row& row) {
  if (!reference::fault(map, row).empty()) return false;
  if (!row.target.empty() && row.x[static_cast<std::size_t>(row.target[0])] == -INFINITY) return false;
  for (std::size_t i = 0; map == Map::log_softmax_vjp && i < row.x.size(); ++i)
    if (row.x[i] == -INFINITY && row.operand[i] != 0) return false;
  return true;
}

}  // namespace audit::properties
