#include <fmt/format.h>

#include <algorithm>

#include "properties/company.hpp"
#include "properties/law_tables.hpp"

namespace audit::properties {
namespace {

using impls::Layout;
using impls::Strides;
using Broken = std::optional<reports::Finding>;

/// Up to so many rows are laid side by side.
constexpr std::size_t most_side_by_side = 257;
/// Up to so many are overwritten.
constexpr std::size_t most_in_place = 65;
/// So many in passing: the row in evidence is the last one, and every seventh.
constexpr std::size_t rows_in_passing = 36;

/// Rows one after another, with some elements between them.
Strides padded(const Extents& of) { return {of.n * of.inner + 3, of.inner, 1}; }
/// The first axis side by side, as of a matrix by columns.
Strides by_columns(const Extents& of) { return {1, of.outer * of.inner, of.outer}; }
/// The last axis furthest apart.
Strides in_planes(const Extents& of) { return {of.n, 1, of.outer * of.n}; }

/// Of one row, as of a slice of something large: the strides of axes of length 1 mean nothing.
Strides of_a_slice(const Extents& of) { return {std::ptrdiff_t{1} << 16, of.inner, std::ptrdiff_t{1} << 16}; }

/// The row in evidence as the `place`-th of [outer, n, inner].
struct Laid {
  std::size_t outer, inner, place;
  Laying x, y;
  std::string_view words;
  Seventh seventh = Seventh::evidence;
};

/// Three rows side by side for the axis, seventeen for vectors across rows and what is left over by them, one for rows
/// with something between them.
constexpr Laid layouts[] = {
    {2, 3, 4, dense, dense, "along the middle axis of [2, n, 3]"},
    {2, 3, 3, with_gaps, dense, "in [2, n, 3] with gaps between its logits"},
    {2, 3, 1, dense, with_gaps, "in [2, n, 3] with gaps between its results"},
    {2, 3, 5, with_gaps, padded, "in [2, n, 3] with gaps between its logits and other ones between its results"},
    {2, 8, 9, dense, dense, "along the middle axis of [2, n, 8]"},
    {1, 17, 16, dense, dense, "along the middle axis of [1, n, 17]"},
    {1, 17, 5, dense, with_gaps, "along the middle axis of [1, n, 17]"},
    {3, 1, 2, padded, dense, "in [3, n, 1] with something between its rows of logits"},
    {3, 1, 2, dense, padded, "in [3, n, 1] with something between its rows of results"},
    {3, 2, 5, dense, dense, "along the middle axis of [3, n, 2]"},
    {1, 1, 0, with_gaps, dense, "alone, with gaps between its logits"},
    {1, 1, 0, dense, with_gaps, "alone, with gaps between its results"},
    {1, 1, 0, of_a_slice, of_a_slice, "alone, with large strides of the axes of length 1"},
    {3, 1, 1, with_gaps, dense, "in [3, n, 1] with gaps between its logits"},
    {3, 1, 1, dense, with_gaps, "in [3, n, 1] with gaps between its results"},
    {4, 1, 3, by_columns, dense, "in [4, n, 1] with its logits by columns"},
    {4, 1, 2, dense, by_columns, "in [4, n, 1] with its results by columns"},
    {2, 3, 4, in_planes, by_columns, "in [2, n, 3] with its last axis furthest apart"},
    {2, 3, 3, by_columns, in_planes, "in [2, n, 3] with its first axis side by side"},
};

Broken laid_out(const Evidence& e, const Laid& laid) {
  const std::size_t n = length_of(e);
  const auto strides = [&](Laying lay, std::size_t elements) {
    return lay({static_cast<std::ptrdiff_t>(laid.outer), static_cast<std::ptrdiff_t>(elements),
                static_cast<std::ptrdiff_t>(laid.inner)});
  };
  const Layout layout{{laid.outer, n, laid.inner},
                      strides(laid.x, e.question.row.x.size()),
                      strides(laid.y, impls::outputs(e.target.map, n))};
  return wrong_in(e, laid.outer * laid.inner, laid.place % period, layout, fmt::format(", {}", laid.words),
                  laid.seventh);
}

/// As many rows as they are long, where an axis may be taken for another.
constexpr std::size_t largest_square = 17;

Broken in_squares(const Evidence& e) {
  const std::size_t n = length_of(e);
  if (n < 2 || n > largest_square) return std::nullopt;
  for (const Laid& laid : {Laid{n, 1, n - 1, dense, by_columns, "in [n, n, 1] with its results by columns"},
                           Laid{n, 1, n - 1, by_columns, dense, "in [n, n, 1] with its logits by columns"},
                           Laid{1, n, n - 1, dense, dense, "along the middle axis of [1, n, n]"}})
    if (auto broken = laid_out(e, laid)) return broken;
  return std::nullopt;
}

/// Rows side by side in every number, with the row in evidence in every place.
Broken side_by_side(const Evidence& e) {
  for (const std::size_t rows : row_counts) {
    if (rows > most_side_by_side) break;
    const std::string words = fmt::format("along the middle axis of [1, n, {}]", rows);
    for (std::size_t first = 0; first < std::min(period, rows); ++first)
      if (auto broken = laid_out(e, {1, rows, first, dense, dense, words})) return broken;
  }
  return std::nullopt;
}

/// Shapes that a length has: many rows side by side in one plane or two, some in three planes or more, and a few with
/// gaps of all kinds.
std::array<Laid, 3> layouts_of(std::size_t n) {
  constexpr std::array lays{dense, with_gaps, padded, by_columns, in_planes};
  const auto laid = [](std::size_t outer, std::size_t inner, Laying x, Laying y, Seventh seventh) {
    return Laid{outer, inner, outer * inner - 1, x, y, {}, seventh};
  };
  return {laid(1 + n % 2, 33 + n % 8, dense, dense, Seventh::others),
          laid(3 + n % 3, 4 + n % 16, dense, dense, Seventh::evidence),
          laid(2 + n % 3, 2 + n % 5, lays[n % lays.size()], lays[n / 2 % lays.size()], Seventh::evidence)};
}

Broken in_shapes_of_its_length(const Evidence& e) {
  for (Laid laid : layouts_of(length_of(e))) {
    if (laid.outer * laid.inner * length_of(e) > longest_call_in_passing) continue;
    const std::string words = fmt::format("in [{}, n, {}]{}", laid.outer, laid.inner,
                                          laid.x == dense && laid.y == dense ? "" : " with other strides");
    laid.words = words;
    if (auto broken = laid_out(e, laid)) return broken;
  }
  return std::nullopt;
}

Broken any_layout(const Evidence& e) {
  for (const Laid& laid : layouts)
    if (auto broken = laid_out(e, laid)) return broken;
  if (e.care != Care::of_many)
    if (auto broken = in_shapes_of_its_length(e)) return broken;
  if (auto broken = in_squares(e)) return broken;
  return e.care == Care::thorough ? side_by_side(e) : std::nullopt;
}

/// Calls of several counts, with the row in evidence in every place.
Broken batches_in_place(const Evidence& e) {
  for (const std::size_t rows : row_counts) {
    if (rows > most_in_place) break;
    for (std::size_t first = 0; first < std::min(period, rows); ++first) {
      const Layout layout = overwritten(impls::contiguous(e.target.map, rows, length_of(e)));
      if (auto broken = wrong_in(e, rows, first, layout, ", in place")) return broken;
    }
  }
  return std::nullopt;
}

Broken in_place(const Evidence& e) {
  if (e.care == Care::thorough)
    if (auto broken = batches_in_place(e)) return broken;
  const std::size_t n = length_of(e);
  for (const std::size_t rows : {std::size_t{2}, rows_in_passing}) {
    if (rows > 2 && (e.care == Care::of_many || rows * n > longest_call_in_passing)) break;
    const Layout layout = overwritten(impls::contiguous(e.target.map, rows, n));
    if (auto broken = wrong_in(e, rows, 1, layout, ", in place")) return broken;
  }
  if (!(e.target.claim.promises & impls::strided)) return std::nullopt;
  const auto length = static_cast<std::ptrdiff_t>(n);
  const Strides apart = with_gaps({2, length, 3}), together = dense({2, length, 4});
  if (auto broken = wrong_in(e, 6, 4, overwritten({{2, n, 3}, apart, apart}), ", in place, in [2, n, 3] with gaps"))
    return broken;
  if (auto broken = wrong_in(e, 8, 5, overwritten({{2, n, 4}, together, together}),
                             ", in place, along the middle axis of [2, n, 4]"))
    return broken;
  if (e.care == Care::of_many || rows_in_passing * n > longest_call_in_passing) return std::nullopt;
  const Strides side_by_side = dense({1, length, rows_in_passing});
  return wrong_in(e, rows_in_passing, 0, overwritten({{1, n, rows_in_passing}, side_by_side, side_by_side}),
                  ", in place, side by side");
}

}  // namespace

std::vector<Law> layout_laws() {
  return {
      {"any layout", "rows along any axis, with gaps between entries, are answered as well, and the gaps kept",
       "plugin.h, STRIDED", "the element's own", false, every_map, every_row, any_layout, impls::strided},
      {"in place", "a row that is overwritten by its result is answered as well", "plugin.h, IN_PLACE",
       "the element's own", false, of_logits, every_row, in_place, impls::in_place},
  };
}

}  // namespace audit::properties
