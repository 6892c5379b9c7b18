#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "bench/accuracy.hpp"

namespace audit::bench {

// Spaces of rows small enough to ask every one: a Unit whose family is one of these, and whose rows are the first so
// many of the space.

inline constexpr std::string_view every_row = "every_row";                ///< of n entries of the format
inline constexpr std::string_view every_difference = "every_difference";  ///< (0, d) for every d, n = 2

/// What a target can be asked entirely: rows of 2 in 16-bit formats, of 2, 3 and 4 in 8-bit ones, differences in f32.
/// Only for a map of logits alone.
std::vector<Unit> spaces(const impls::Implementation& target);

/// The number of rows of a space.
std::uint64_t size_of(const Unit& space);

/// The pieces of work that cover the rows of a space.
std::size_t parts_of(const Unit& space);

/// The rows of one part as bit patterns, in the order of the space.
class PartRows {
 public:
  PartRows(const Unit& space, std::size_t part);

  /// The next rows, at most `most`, one after another; empty at the end.
  void next(std::size_t most, std::vector<std::uint32_t>& patterns);

 private:
  std::size_t n_;
  unsigned bits_;           ///< of an entry
  std::uint64_t at_, end_;  ///< rows counted as numbers whose digits are the entries, the last one lowest
};

}  // namespace audit::bench
