#pragma once

#include <cstddef>
#include <vector>

#include "properties/characters.hpp"

// Which lengths are asked, in which rows, and how many of them are held against the exact answer.

namespace audit::properties {

/// Up to here every width is asked in rows of all characters, up to there in a few.
inline constexpr std::size_t all_characters = 40, dense = 130;
/// Up to here every row is judged where that is quick, and of maps of a target beyond it; of other long ones the last.
inline constexpr std::size_t all_judged = 4097;

/// Rows of one length, by their characters.
struct Width {
  std::size_t n;
  std::vector<Character> rows;
};
/// Others from width to width; of a very long row the last entry outweighs all others, and where there are three rows
/// it is the target of one.
Width width(impls::Map map, std::size_t n);

/// Ascending: dense, the odd ones between 513 and 1023, both sides of powers of two up to where an index of 16 bits
/// wraps, and some between and beyond.
std::vector<std::size_t> lengths(impls::Map map);

/// How many of the rows of a width are held against the exact answer: the last ones.
std::size_t judged_of(impls::Map map, const Width& width);

/// Of all rows of a width: 1, below it or above it, in turn; of long ones far below and far above it, too.
double temperature_of(impls::Map map, std::size_t n);

}  // namespace audit::properties
