#include <rapidcheck/seq/Create.h>
#include <rapidcheck/seq/Transform.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>

#include "properties/generators.hpp"
#include "reference/sparsemax.hpp"

namespace audit::properties {
namespace {

using impls::Row;

/// Significant bits of a finite number, 0 for 0.
std::uint64_t significant_bits(double v) {
  if (v == 0) return 0;
  int exponent = 0;
  const auto significand = static_cast<std::uint64_t>(std::ldexp(std::frexp(std::abs(v), &exponent), 53));
  return static_cast<std::uint64_t>(53 - std::countr_zero(significand));
}

/// 0 < masked < ±inf and NaN < numbers by significant bits and distance of the exponent from 0.
std::uint64_t complexity(double v) {
  if (v == 0) return std::signbit(v);
  if (v == -INFINITY) return 2;
  if (!std::isfinite(v)) return 3;
  return 4 + std::signbit(v) + 2 * significant_bits(v) + static_cast<std::uint64_t>(std::abs(std::ilogb(v)));
}

/// v with all but its first `count` significant bits cleared; zeros, infinities and NaN as they are.
double truncated(double v, std::uint64_t count) {
  if (v == 0 || !std::isfinite(v)) return v;
  const double scale = std::ldexp(1.0, static_cast<int>(count) - 1 - std::ilogb(v));
  return std::isfinite(scale) ? std::trunc(v * scale) / scale : v;
}

/// v with another exponent.
double at_exponent(double v, int exponent) { return std::ldexp(v, exponent - std::ilogb(v)); }

std::vector<double> simpler_values(double v) {
  if (v == 0) return {0.0};
  if (!std::isfinite(v)) return {0.0, -INFINITY};
  const std::uint64_t bits = significant_bits(v);
  const int e = std::ilogb(v);
  return {0.0,
          -INFINITY,
          std::copysign(1.0, v),
          truncated(v, 1),
          std::trunc(v),
          truncated(v, (bits + 1) / 2),
          at_exponent(v, e / 2),
          truncated(v, std::max<std::uint64_t>(bits - 1, 1)),
          at_exponent(v, e > 0   ? e - 1
                         : e < 0 ? e + 1
                                 : 0),
          std::abs(v)};
}

/// One way to change a row.
struct Edit {
  enum class What {
    drop,
    temperature,
    heap_order,
    prune,
    target,
    recentre,
    shorten,
    merge,
    alone,
    logits,
    operand
  } what;
  std::size_t begin = 0;
  std::size_t count = 0;
  double value = 0;  ///< what entries, or the temperature, become; recentre: what is subtracted from them;
                     ///< shorten: bits that are left
};

void put(std::vector<double>& values, const Edit& edit) {
  const auto first = values.begin() + static_cast<std::ptrdiff_t>(edit.begin);
  std::fill_n(first, edit.count, edit.value);
}

void drop(std::vector<double>& values, const Edit& edit) {
  const auto first = values.begin() + static_cast<std::ptrdiff_t>(edit.begin);
  values.erase(first, first + static_cast<std::ptrdiff_t>(edit.count));
}

/// Where a target stands once entries before it, or itself, are gone; n are left.
std::int64_t after_drop(std::int64_t target, const Edit& edit, std::size_t n) {
  const auto begin = static_cast<std::int64_t>(edit.begin), count = static_cast<std::int64_t>(edit.count);
  if (target >= begin + count) return target - count;
  return std::min({target, begin, static_cast<std::int64_t>(n) - 1});
}

/// Without inner node `node` and the leaf below it: its other child takes its place (and its number, so that node 0
/// stays the root), and higher numbers move down by one. The row as it is where no child is a leaf.
Row pruned(Row row, std::size_t node) {
  const std::int32_t left = row.tree[2 * node], right = row.tree[2 * node + 1];
  if (left >= 0 && right >= 0) return row;
  const std::int32_t leaf = left < 0 ? left : right, other = left < 0 ? right : left;
  const std::size_t gone = other < 0 ? node : static_cast<std::size_t>(other);
  row.x[node] = row.x[gone];
  std::copy_n(row.tree.begin() + 2 * static_cast<std::ptrdiff_t>(gone), 2,
              row.tree.begin() + 2 * static_cast<std::ptrdiff_t>(node));
  const auto at = static_cast<std::ptrdiff_t>(gone);
  row.x.erase(row.x.begin() + at);
  row.tree.erase(row.tree.begin() + 2 * at, row.tree.begin() + 2 * at + 2);
  for (std::int32_t& child : row.tree) {
    if (child == static_cast<std::int32_t>(gone)) child = other;
    if (child > static_cast<std::int32_t>(gone)) --child;
    if (child < leaf) ++child;
  }
  return row;
}

Row edited(Row row, const Edit& edit) {
  switch (edit.what) {
    case Edit::What::drop:
      drop(row.x, edit);
      if (!row.operand.empty()) drop(row.operand, edit);
      for (std::int64_t& target : row.target) target = after_drop(target, edit, row.x.size());
      break;
    case Edit::What::temperature:
      row.temperature = edit.value;
      break;
    case Edit::What::heap_order:
      row.tree.clear();
      break;
    case Edit::What::prune:
      return row.x.size() > 1 ? pruned(std::move(row), edit.begin) : row;
    case Edit::What::target:
      row.target = {0};
      break;
    case Edit::What::recentre:
      for (double& x : row.x) x -= edit.value;
      break;
    case Edit::What::shorten:
      for (double& x : row.x) x = truncated(x, static_cast<std::uint64_t>(edit.value));
      break;
    case Edit::What::merge:
      row.x[edit.begin + 1] += row.x[edit.begin] - edit.value;
      row.x[edit.begin] = edit.value;
      break;
    case Edit::What::alone:
      for (std::size_t i = 0; i < row.x.size(); ++i)
        if (i != edit.begin) row.x[i] = 0;
      break;
    case Edit::What::logits:
      put(row.x, edit);
      break;
    case Edit::What::operand:
      put(row.operand, edit);
      break;
  }
  return row;
}

/// Whether x - top is as short and as small as the entries themselves, and so of their format.
bool recentres(const std::vector<double>& x, double top) {
  std::uint64_t bits = 0, bits_after = 0;
  double size = 0, size_after = 0;
  for (const double v : x) {
    if (!std::isfinite(v)) continue;
    bits = std::max(bits, significant_bits(v));
    bits_after = std::max(bits_after, significant_bits(v - top));
    size = std::max(size, std::abs(v));
    size_after = std::max(size_after, std::abs(v - top));
  }
  return bits_after <= bits && size_after <= size;
}

/// Pieces of `largest` entries, of half as many, … down to more than `smallest`.
template <class Add>
void for_chunks(std::size_t n, std::size_t largest, std::size_t smallest, Add add) {
  for (std::size_t count = largest; count > smallest; count /= 2)
    for (std::size_t begin = 0; begin < n; begin += count) add(begin, std::min(count, n - begin));
}

/// What changes the whole row at once.
void add_sweeping(std::vector<Edit>& edits, const Row& row) {
  const std::size_t n = row.x.size();
  if (row.temperature != 1) edits.push_back({Edit::What::temperature, 0, 0, 1});
  if (!row.tree.empty()) edits.push_back({Edit::What::heap_order, 0, 0, 0});
  if (!row.operand.empty()) edits.push_back({Edit::What::operand, 0, n, 0});
  edits.push_back({Edit::What::logits, 0, n, 0});
  const auto largest = std::ranges::max_element(row.x) - row.x.begin();
  edits.push_back({Edit::What::alone, static_cast<std::size_t>(largest), 1, 0});
  for (const double top : {*std::ranges::max_element(row.x), row.x.front()})
    if (std::isfinite(top) && top != 0 && recentres(row.x, top)) edits.push_back({Edit::What::recentre, 0, n, top});
  for (const double bits : {1, 4, 8, 12, 24}) edits.push_back({Edit::What::shorten, 0, n, bits});
}

/// Dropping pieces of the row, then zeros in their place.
void add_pieces(std::vector<Edit>& edits, const Row& row, std::size_t largest, std::size_t smallest) {
  const std::size_t n = row.x.size();
  for_chunks(n, largest, smallest, [&](std::size_t begin, std::size_t count) {
    if (count < n && row.tree.empty()) edits.push_back({Edit::What::drop, begin, count, 0});
  });
  for_chunks(n, largest, smallest, [&](std::size_t begin, std::size_t count) {
    edits.push_back({Edit::What::logits, begin, count, 0});
    if (!row.operand.empty()) edits.push_back({Edit::What::operand, begin, count, 0});
  });
}

void add_entries(std::vector<Edit>& edits, Edit::What what, const std::vector<double>& values) {
  for (std::size_t i = 0; i < values.size(); ++i)
    for (const double value : simpler_values(values[i]))
      if (complexity(value) < complexity(values[i]) && (what == Edit::What::logits || std::isfinite(value)))
        edits.push_back({what, i, 1, value});
}

/// The cheap and sweeping ones first: a long row cannot afford many.
std::vector<Edit> edits_of(const Row& row) {
  std::vector<Edit> edits;
  const std::size_t n = row.x.size(), coarse = n / 16;
  if (n == 0) return edits;
  add_sweeping(edits, row);
  // Pieces of powers of two: what depends on the width depends on its remainder by one.
  add_pieces(edits, row, std::bit_floor(std::max<std::size_t>(n - 1, 1)), coarse);
  if (coarse > 0) add_pieces(edits, row, coarse, 0);
  for (std::size_t node = 0; !row.tree.empty() && node < n; ++node) edits.push_back({Edit::What::prune, node, 1, 0});
  if (!row.target.empty()) edits.push_back({Edit::What::target, 0, 0, 0});
  // A point of the simplex stays one while an entry, or its low bits, are added to the next.
  if (reference::on_simplex(row.x))
    for (std::size_t j = 0; j + 1 < n; ++j)
      for (const double left : {0.0, truncated(row.x[j], 1), truncated(row.x[j], (significant_bits(row.x[j]) + 1) / 2)})
        if (row.x[j] > left) edits.push_back({Edit::What::merge, j, 1, left});
  if (row.temperature != 1)
    for (const double tau : simpler_values(row.temperature))
      if (tau > 0 && complexity(tau) < complexity(row.temperature))
        edits.push_back({Edit::What::temperature, 0, 0, tau});
  add_entries(edits, Edit::What::operand, row.operand);
  add_entries(edits, Edit::What::logits, row.x);
  return edits;
}

}  // namespace

std::uint64_t complexity(const Row& row) {
  std::uint64_t sum = (row.temperature == 1 ? 0 : complexity(row.temperature)) + row.tree.size();
  for (const std::int64_t target : row.target) sum += target != 0;
  for (const double x : row.x) sum += 1 + complexity(x);
  for (const double g : row.operand) sum += 1 + complexity(g);
  return sum;
}

rc::Seq<Row> simpler(const Row& row) {
  auto candidates =
      rc::seq::map(rc::seq::fromContainer(edits_of(row)), [row](const Edit& edit) { return edited(row, edit); });
  return rc::seq::filter(std::move(candidates),
                         [limit = complexity(row)](const Row& candidate) { return complexity(candidate) < limit; });
}

}  // namespace audit::properties
