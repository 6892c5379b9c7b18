#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "properties/evidence.hpp"

// A row among others in one call: what the laws about batches, layouts and earlier calls have in common.

namespace audit::properties {

/// Kinds of rows that stand beside another, or are asked before it.
enum class Other { nan, huge, infinite, subnormal, masked, rearranged };
inline constexpr std::size_t other_kinds = 6;

/// The same logits with the next entry as the target.
impls::Row with_another_target(impls::Row row);

/// A row of the same length: every entry NaN, larger than those of this row, +inf, subnormal or masked; or the entries
/// in another order. With the class after the row's as its target, and the operand in another order.
impls::Row another(Other kind, const impls::Format& format, impls::Row row);

/// The row in evidence stands at every seventh place of a call, so that rows which are mixed up do not agree by chance:
/// a block of 2^k, 10^k, 255 or 65535 rows is no multiple of it.
inline constexpr std::size_t period = 7;

/// The rows of a call, few of them different.
struct Crowd {
  std::vector<impls::Row> kinds;
  std::vector<const impls::Row*> rows;  ///< of `kinds`

  Crowd() = default;
  Crowd(Crowd&&) = default;
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;
};
/// Who stands at every seventh place: the row in evidence, so that rows which are mixed up show; or the others, so that
/// nearly every place is looked at.
enum class Seventh { evidence, others };
/// The row in evidence among `rows` of its kind, at `place` and every seventh one from there, or at all but those; the
/// places 0 … 3 of a batch of 4 have every kind of others.
Crowd among_others(const impls::Format& format, const impls::Row& row, std::size_t rows, std::size_t place,
                   Seventh seventh = Seventh::evidence);

/// The row in evidence from place `first` of a call of `rows`, laid out so. nullopt where the call is right, or not
/// supported.
std::optional<reports::Finding> wrong_in(const Evidence& e, std::size_t rows, std::size_t first,
                                         const impls::Layout& layout, const std::string& how = "",
                                         Seventh seventh = Seventh::evidence);

std::size_t length_of(const Evidence& e);

/// The extents of the axes: n elements of each of outer × inner rows.
struct Extents {
  std::ptrdiff_t outer, n, inner;
};
/// Gives the strides of an array.
using Laying = impls::Strides (*)(const Extents&);

inline impls::Strides dense(const Extents& of) { return {of.n * of.inner, of.inner, 1}; }
/// Gaps of one element between those of a row, and some between the rows.
inline impls::Strides with_gaps(const Extents& of) {
  const std::ptrdiff_t step = 2 * of.inner + 1;
  return {of.n * step + 5, step, 2};
}

/// The layout in which the results take the place of the logits.
impls::Layout overwritten(impls::Layout layout);

/// Up to here the row of a length is asked among many others, in logits.
inline constexpr std::size_t longest_call_in_passing = 35'000;

/// What code unrolls or splits by, with both sides of it.
inline constexpr std::array row_counts{2,  3,  4,  5,  6,  7,  8,  9,  10,  11,  12,  13,   14,   15,
                                       16, 17, 31, 32, 33, 63, 64, 65, 255, 256, 257, 1000, 4097, 65537};

}  // namespace audit::properties
