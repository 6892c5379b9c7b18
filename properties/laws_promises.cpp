#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "properties/evidence.hpp"
#include "properties/law_tables.hpp"

namespace audit::properties {
namespace {

using impls::Answers;
using impls::Layout;
using impls::Row;
using impls::Strides;
using reports::Finding;
using Broken = std::optional<Finding>;

/// Kinds of rows that stand beside another, or are asked before it.
enum class Other { nan, huge, infinite, subnormal, masked, rearranged };
constexpr std::size_t other_kinds = 6;

void fill(Row& row, double value) { std::ranges::fill(row.x, value); }

/// The same logits with the next entry as the target.
Row with_another_target(Row row) {
  for (std::int64_t& target : row.target) target = (target + 1) % std::ssize(row.x);
  return row;
}

/// A row of the same length: every entry NaN, larger than those of this row, +inf, subnormal or masked; or the entries
/// in another order. With the class after the row's as its target, and the operand in another order.
Row another(Other kind, const impls::Format& format, Row row) {
  if (row.x.empty()) return row;
  row = with_another_target(std::move(row));
  std::ranges::reverse(row.operand);
  switch (kind) {
    case Other::nan:
      fill(row, std::numeric_limits<double>::quiet_NaN());
      break;
    case Other::huge:
      fill(row, *std::ranges::max_element(row.x) < 0 ? 0 : impls::largest_finite(format));
      break;
    case Other::infinite:
      fill(row, INFINITY);
      break;
    case Other::subnormal:
      fill(row, 3 * impls::smallest_subnormal(format));
      break;
    case Other::masked:
      fill(row, impls::mask(format));
      break;
    case Other::rearranged:
      std::ranges::rotate(row.x, row.x.begin() + static_cast<std::ptrdiff_t>(row.x.size() / 2));
      std::ranges::reverse(row.x);
  }
  return row;
}

/// The row in evidence stands at every seventh place of a call, so that rows which are mixed up do not agree by chance:
/// a block of 2^k, 10^k, 255 or 65535 rows is no multiple of it.
constexpr std::size_t period = 7;

/// The row in evidence among `rows` of its kind, at `place` and every seventh one from there; the places 0 … 3 of a
/// batch of 4 have every kind of others.
std::vector<Row> among_others(const impls::Format& format, const Row& row, std::size_t rows, std::size_t place) {
  std::vector<Row> all;
  all.reserve(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    const auto kind = static_cast<Other>((3 * place + i) % other_kinds);
    all.push_back(i % period == place ? row : another(kind, format, row));
  }
  return all;
}

/// The row in evidence from place `first` of a call of `rows`, laid out so. nullopt where the call is right, or not
/// supported.
Broken wrong_in(const Evidence& e, std::size_t rows, std::size_t first, const Layout& layout,
                const std::string& how = "") {
  const Answers answers =
      impls::ask(e.target, e.question.format, among_others(e.question.format, e.question.row, rows, first), layout);
  if (answers.status != 0) return std::nullopt;
  const bool one_after_another = layout.shape.inner == 1 && layout.x.n == 1 && layout.y.n == 1;
  const bool same_bits = (e.target.claim.promises & impls::batch_invariant) && !layout.in_place && one_after_another;
  for (std::size_t place = first; place < rows; place += period) {
    const std::string words = fmt::format("as row {} of {}{}", place, rows, how);
    if (auto broken = wrong(e, answers.rows[place], words)) return broken;
    if (!same_bits) continue;
    if (auto broken = other_bits(e, answers.rows[place], words)) return broken;
  }
  if (answers.strayed) return about_row(e, "an element between the rows written" + how, "the elements of y alone");
  return std::nullopt;
}

std::size_t length_of(const Evidence& e) { return impls::length(e.target.map, e.question.row); }

/// What code unrolls or splits by, with both sides of it.
constexpr std::array row_counts{2,  3,  4,  5,  6,  7,  8,  9,  10,  11,  12,  13,   14,   15,
                                16, 17, 31, 32, 33, 63, 64, 65, 255, 256, 257, 1000, 4097, 65537};
/// Up to here a call is asked, in logits; two rows of any length are. Of single entries, which have one answer, less.
constexpr std::size_t longest_call = std::size_t{2} * 65537, longest_of_single_entries = 4097;
/// From here on the row in evidence is looked at in the last place, and every seventh before it.
constexpr std::size_t many = 4097;

/// Calls of every count, with the row in evidence in every place.
Broken batch_of_any_size(const Evidence& e) {
  const std::size_t n = length_of(e);
  for (const std::size_t rows : row_counts) {
    if (rows > 2 && rows * n > (n == 1 ? longest_of_single_entries : longest_call)) break;
    const std::size_t begin = rows < many ? 0 : (rows - 1) % period;
    const std::size_t end = rows < many ? std::min(period, rows) : begin + 1;
    for (std::size_t first = begin; first < end; ++first)
      if (auto broken = wrong_in(e, rows, first, impls::contiguous(e.target.map, rows, n))) return broken;
  }
  return std::nullopt;
}

/// Every place among four, then the second and the last one among nine: the alignment changes, too.
Broken batch(const Evidence& e) {
  if (e.thorough) return batch_of_any_size(e);
  const auto layout = [&](std::size_t rows) { return impls::contiguous(e.target.map, rows, length_of(e)); };
  for (std::size_t place = 0; place < 4; ++place)
    if (auto broken = wrong_in(e, 4, place, layout(4))) return broken;
  return wrong_in(e, 9, 1, layout(9));
}

/// Strides for n elements a row and `inner` rows side by side, from the extents of the axes.
using Laying = Strides (*)(std::ptrdiff_t n, std::ptrdiff_t inner);

Strides dense(std::ptrdiff_t n, std::ptrdiff_t inner) { return {n * inner, inner, 1}; }
/// Gaps of one element between those of a row, and some between the rows.
Strides with_gaps(std::ptrdiff_t n, std::ptrdiff_t inner) {
  const std::ptrdiff_t step = 2 * inner + 1;
  return {n * step + 5, step, 2};
}
/// Rows one after another, with some elements between them.
Strides padded(std::ptrdiff_t n, std::ptrdiff_t inner) { return {n * inner + 3, inner, 1}; }

/// The row in evidence as the `place`-th of [outer, n, inner].
struct Laid {
  std::size_t outer, inner, place;
  Laying x, y;
  std::string_view words;
};

/// Three rows side by side for the axis, seventeen for vectors across rows and what is left over by them, one for rows
/// with something between them.
constexpr Laid layouts[] = {
    {2, 3, 4, dense, dense, "along the middle axis of [2, n, 3]"},
    {2, 3, 3, with_gaps, dense, "in [2, n, 3] with gaps between its logits"},
    {2, 3, 1, dense, with_gaps, "in [2, n, 3] with gaps between its results"},
    {1, 17, 16, dense, dense, "along the middle axis of [1, n, 17]"},
    {1, 17, 5, dense, with_gaps, "along the middle axis of [1, n, 17]"},
    {3, 1, 2, padded, dense, "in [3, n, 1] with something between its rows of logits"},
    {3, 1, 2, dense, padded, "in [3, n, 1] with something between its rows of results"},
    {3, 2, 5, dense, dense, "along the middle axis of [3, n, 2]"},
    {3, 1, 1, with_gaps, dense, "in [3, n, 1] with gaps between its logits"},
    {3, 1, 1, dense, with_gaps, "in [3, n, 1] with gaps between its results"},
};

Broken any_layout(const Evidence& e) {
  const std::size_t n = length_of(e);
  const auto entries = static_cast<std::ptrdiff_t>(e.question.row.x.size());
  const auto results = static_cast<std::ptrdiff_t>(impls::outputs(e.target.map, n));
  for (const Laid& laid : layouts) {
    const auto inner = static_cast<std::ptrdiff_t>(laid.inner);
    const Layout layout{{laid.outer, n, laid.inner}, laid.x(entries, inner), laid.y(results, inner)};
    const std::string words = fmt::format(", {}", laid.words);
    if (auto broken = wrong_in(e, laid.outer * laid.inner, laid.place % period, layout, words)) return broken;
  }
  return std::nullopt;
}

Broken in_place(const Evidence& e) {
  const std::size_t n = length_of(e);
  const auto overwritten = [](Layout layout) {
    layout.y = layout.x;
    layout.in_place = true;
    return layout;
  };
  const Layout rows = overwritten(impls::contiguous(e.target.map, 2, n));
  if (auto broken = wrong_in(e, 2, 1, rows, ", in place")) return broken;
  if (!(e.target.claim.promises & impls::strided)) return std::nullopt;
  const Strides strides = with_gaps(static_cast<std::ptrdiff_t>(n), 3);
  return wrong_in(e, 6, 4, overwritten({{2, n, 3}, strides, strides}), ", in place, in [2, n, 3] with gaps");
}

/// The row with `n` logits, the last one again where it was shorter; a tree in heap order.
Row resized(Row row, std::size_t n) {
  row.x.resize(n, row.x.empty() ? 0 : row.x.back());
  if (!row.operand.empty()) row.operand.resize(n, 0);
  if (!row.target.empty()) row.target = {0};
  row.tree.clear();
  return row;
}

/// The same logits at another temperature, where the map takes one.
Row at_another_temperature(const Evidence& e) {
  Row row = e.question.row;
  if (impls::traits(e.target.map).takes_temperature) row.temperature *= row.temperature < 1 ? 2 : 0.5;
  return row;
}

/// The same logits but for the last one.
Row with_another_end(Row row) {
  if (!row.x.empty()) row.x.back() = row.x.back() == 0.5 ? 0.25 : 0.5;
  return row;
}

/// Once more after each of several other calls: with NaN, with a longer row of large values, a shorter one, a single
/// entry, at another temperature, with another target or last entry.
Broken again(const Evidence& e) {
  const std::size_t n = e.question.row.x.size();
  const auto other = [&](Other kind, std::size_t size) {
    return resized(another(kind, e.question.format, e.question.row), size);
  };
  const std::array before{std::pair{"a row of NaN", other(Other::nan, n)},
                          std::pair{"a longer row of large values", other(Other::huge, 2 * n + 8)},
                          std::pair{"a shorter row", other(Other::rearranged, (n + 1) / 2)},
                          std::pair{"a row of one entry", other(Other::rearranged, 1)},
                          std::pair{"the row at another temperature", at_another_temperature(e)},
                          std::pair{"the row with another target", with_another_target(e.question.row)},
                          std::pair{"the row with another last entry", with_another_end(e.question.row)}};
  for (const auto& [words, row] : before) {
    impls::ask(e.target, e.question.format, row);
    const impls::Answer answer = impls::ask(e.target, e.question.format, e.question.row);
    if (answer.status != 0) return std::nullopt;
    if (auto broken = other_bits(e, answer, fmt::format("when asked again after {}", words))) return broken;
  }
  return std::nullopt;
}

}  // namespace

std::vector<Law> promise_laws() {
  return {
      {"batch",
       "a row is answered as well in a contiguous batch, of any size, as alone; with the same bits where that is "
       "promised",
       "interfaces.md section 3, BATCH_INVARIANT", "the element's own; none for promised bits", false, every_map,
       every_row, batch},
      {"any layout", "rows along any axis, with gaps between entries, are answered as well, and the gaps kept",
       "interfaces.md section 3, STRIDED", "the element's own", false, every_map, every_row, any_layout,
       impls::strided},
      {"in place", "a row that is overwritten by its result is answered as well", "interfaces.md section 3, IN_PLACE",
       "the element's own", false, of_logits, every_row, in_place, impls::in_place},
      {"deterministic",
       "the same call gives the same bits again, after calls with NaN, large values, longer and shorter rows, other "
       "temperatures, targets and last entries",
       "interfaces.md section 3, DETERMINISTIC", "none", false, every_map, every_row, again, impls::deterministic},
  };
}

}  // namespace audit::properties
