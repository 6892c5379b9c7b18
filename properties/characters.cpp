#include "properties/characters.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

namespace audit::properties {
namespace {

using impls::Format;
using impls::Map;
using impls::Row;

/// sin k, from a table where rows reach.
double sine(std::size_t k) {
  static const std::vector<double> table = [] {
    std::vector<double> made(std::size_t{1} << 18);
    for (std::size_t i = 0; i < made.size(); ++i) made[i] = std::sin(static_cast<double>(i));
    return made;
  }();
  return k < table.size() ? table[k] : std::sin(static_cast<double>(k));
}

/// On ±1, no two lanes or widths alike.
double wave(std::size_t n, std::size_t lane) { return sine(n + 2 * lane); }

/// A lane that moves by another step than the width does.
std::size_t moving_lane(std::size_t n) { return n * 5 / 8; }

/// A lane that is not in step with powers of two, as the moving one is.
std::size_t lane_of(std::size_t width, std::size_t lanes) { return (width * width / 3 + width / 2) % lanes; }

double far_up(const Format& format) { return std::min(1000.0, impls::largest_finite(format) / 4); }

double logit(const Format& format, std::size_t n, std::size_t lane, Character character) {
  switch (character) {
    case Character::far_below:
      return 3 * wave(n, lane) - 60;
    case Character::far_above:
      return 3 * wave(n, lane) + far_up(format);
    case Character::wide:
      return 40 * wave(n, lane);
    case Character::ties:
      return static_cast<double>((n + lane * lane) % 3);
    default:
      return 3 * wave(n, lane);
  }
}

/// Puts in what stands in one lane alone.
void mark(const Format& format, Character character, Row& row) {
  constexpr double top = 9.3;
  const std::size_t n = row.x.size(), last = n - 1;
  if (character == Character::top_last) row.x[last] = top;
  if (character == Character::top_first) row.x[0] = top;
  if (character == Character::top_between) row.x[std::min(moving_lane(n), last)] = top;
  if (character == Character::peak)
    row.x[n % 2 == 0 ? std::min(moving_lane(n), last) : last - n / 2 % 16 % n] = far_up(format);
  if (character == Character::masked && n > 1) row.x[std::min(moving_lane(n), last)] = impls::mask(format);
  if (character == Character::masked_first && n > 1) row.x[0] = impls::mask(format);
}

bool is_sparse(impls::Map map) {
  return map == impls::Map::sparsemax || map == impls::Map::sparsemax_vjp || map == impls::Map::entmax15;
}

}  // namespace

Row row_of(impls::Map map, const Format& format, std::size_t n, Character character) {
  const impls::MapTraits& traits = impls::traits(map);
  const std::size_t logits = n - (traits.takes_tree ? 1 : 0);
  Row row;
  row.x.reserve(logits);
  for (std::size_t j = 0; j < logits; ++j) row.x.push_back(logit(format, n, j, character));
  if (logits > 0) mark(format, character, row);
  for (double& x : row.x) x = impls::round_to(format, x);
  // No gradient or noise at a mask: log_softmax_vjp has none there.
  for (std::size_t j = 0; j < logits && traits.takes_operand; ++j)
    row.operand.push_back(row.x[j] == -INFINITY ? 0 : impls::round_to(format, wave(logits, 3 * j)));
  if (traits.takes_target) {
    const std::size_t last = logits - 1;
    const std::array places{last, std::size_t{0}, std::min(moving_lane(n), last)};
    const std::size_t target = places[static_cast<std::size_t>(character) % places.size()];
    row.target = {static_cast<std::int64_t>(row.x[target] == -INFINITY ? last - target : target)};
  }
  return row;
}

std::vector<Row> peaks(Map map, const Format& format, std::size_t n) {
  if (impls::traits(map).takes_tree || is_sparse(map)) return {};
  std::vector<Row> rows(3, row_of(map, format, n, Character::spread));
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].x[lane_of(n + i * n / rows.size(), n)] = far_up(format);
  return rows;
}

std::vector<Row> special_rows(Map map, const Format& format, std::size_t n) {
  const Row row = row_of(map, format, n, Character::spread);
  if (!format.infinities || row.x.empty()) return {};
  const std::size_t lane = lane_of(n, row.x.size());
  std::vector<Row> rows;
  const auto add = [&](std::vector<double> Row::* values, std::size_t at, double value) {
    rows.push_back(row);
    (rows.back().*values)[at] = value;
  };
  add(&Row::x, lane, std::numeric_limits<double>::quiet_NaN());
  if (impls::traits(map).takes_tree) return rows;
  if (!row.operand.empty()) {
    const auto largest = std::ranges::max_element(row.x) - row.x.begin();
    add(&Row::operand, static_cast<std::size_t>(largest), std::numeric_limits<double>::quiet_NaN());
  }
  add(&Row::x, lane, INFINITY);
  rows.push_back(row);
  std::ranges::fill(rows.back().x, -INFINITY);
  return rows;
}

std::vector<Row> masked_blocks(impls::Map map, const Format& format, std::size_t n, std::size_t block) {
  std::vector<Row> rows;
  const auto add = [&](const auto& masked) {
    Row row = row_of(map, format, n, Character::spread);
    for (std::size_t j = 0; j < n; ++j) {
      if (!masked(j / block)) continue;
      row.x[j] = -INFINITY;
      if (!row.operand.empty()) row.operand[j] = 0;
    }
    const auto left = std::ranges::find_if(row.x, [](double x) { return x != -INFINITY; });
    if (left == row.x.end()) return;
    if (!row.target.empty()) row.target = {left - row.x.begin()};
    rows.push_back(std::move(row));
  };
  for (std::size_t place = 0; place < 4 && (place + 1) * block <= n; ++place) {
    add([=](std::size_t at) { return at == place; });
    add([=](std::size_t at) { return at != place; });
  }
  for (const std::size_t phase : {0, 1}) add([=](std::size_t at) { return at % 2 == phase; });
  return rows;
}

Row chain(const Format& format, std::size_t n, bool leftwards) {
  // A leaf is left behind with a mass of 1 in 2n.
  const double score = std::log(2 * static_cast<double>(n));
  Row row;
  row.x.assign(n - 1, impls::round_to(format, leftwards ? -score : score));
  for (std::int32_t node = 0; node < static_cast<std::int32_t>(n) - 1; ++node) {
    const bool last = node + 2 == static_cast<std::int32_t>(n);
    const std::int32_t leaf = -1 - node, on = last ? leaf - 1 : node + 1;
    row.tree.insert(row.tree.end(), {leftwards ? on : leaf, leftwards ? leaf : on});
  }
  return row;
}

std::vector<Row> windows(impls::Map map, const Format& format) {
  const impls::MapTraits& traits = impls::traits(map);
  constexpr int parts = 256;
  std::vector<Row> rows;
  const auto add = [&](double larger, double smaller) {
    Row row{{impls::round_to(format, larger), impls::round_to(format, smaller)}};
    if (traits.takes_tree) row.x.pop_back();
    if (traits.takes_operand) row.operand = {impls::round_to(format, 0.7), impls::round_to(format, -0.3)};
    if (traits.takes_target) row.target = {static_cast<std::int64_t>(rows.size() % 2)};
    rows.push_back(std::move(row));
  };
  // In the middle of a part, with full significands.
  const auto sweep = [&](int low, int high, const auto& put) {
    for (int e = low; e < std::min(high, format.emax - 1); ++e)
      for (int i = 0; i < parts; ++i) put(std::ldexp(1 + (i + std::numbers::inv_pi) / parts, e));
  };
  sweep(-4, 11, [&](double v) { add(v, v / 2), add(-v, -v * 1.1); });
  sweep(-12, 10, [&](double gap) { add(std::numbers::inv_pi, std::numbers::inv_pi - gap); });
  // Where the smaller mass becomes subnormal, and 0.
  const double depth = -format.emin * std::numbers::ln2, gone = depth + format.precision * std::numbers::ln2;
  for (int i = -parts / 4; i < parts / 4; ++i) {
    const double near = (i + std::numbers::inv_pi) / parts * 4;
    for (const double gap : {depth, gone}) add(std::numbers::inv_pi, std::numbers::inv_pi - gap - near);
  }
  // Where the smaller one leaves the support of a sparsemax, and of an entmax.
  for (int k = 1; k < format.precision && is_sparse(map); ++k)
    for (const double edge : {1.0, 2.0})
      for (const double beside : {-std::ldexp(1.0, -k), std::ldexp(1.0, -k)}) add(0, edge * (beside - 1));
  return rows;
}

std::vector<Row> cancelling(impls::Map map, const Format& format) {
  std::vector<Row> rows;
  if (map != impls::Map::logsumexp) return rows;
  constexpr int parts = 64;
  for (int i = 0; i < parts; ++i) {
    Row row;
    long double left = 1;
    for (const double part : {(i + std::numbers::inv_pi) / parts, 1.0, 1.0}) {
      // Not rounded up, so that something is left.
      double x = impls::round_to(format, static_cast<double>(std::log(part * left)));
      while (std::exp(static_cast<long double>(x)) >= left) x -= std::ldexp(1.0, impls::ulp_exponent(format, x));
      row.x.push_back(x);
      left -= std::exp(static_cast<long double>(x));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace audit::properties
