#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "reference/cases.hpp"

namespace audit::reference {

/// An element whose exact value lies close to a boundary of the rounding: a number of the format, or the middle of two.
/// Of softmax and log_softmax rows (0, d); of logsumexp rows (0, d, d), as that of (0, d) is a log_softmax.
struct HardRow {
  Case question;
  std::size_t element = 0;
  double distance = 0;  ///< from the nearest boundary, in ulps of the exact value
};

/// The significant bits that an enclosure needs to tell the element from the boundary: p - log2(distance).
int bits_needed(const impls::Format& format, double distance);

/// The `count` hardest elements of all rows with least ≤ abs(d) ≤ p log 2, beyond which all are nearly one-hot. softmax
/// and log_softmax of (0, -d) are those of (0, d) with their entries exchanged: there d < 0. For formats of up to 24
/// bits: a filter in double precision, then MPFR.
std::vector<HardRow> hardest_pairs(impls::Map map, const impls::Format& format, double least, std::size_t count);

/// For a format too wide for that: in each of `count` binades of d, from [1, 2) down by 2^2, the hardest element of
/// `tries` rows, each a random d moved by one Newton step to where the boundary nearest to f(d) is attained, and
/// rounded. Small d are harder: there f moves by less than an ulp from one d to the next.
std::vector<HardRow> hard_pairs(impls::Map map, const impls::Format& format, std::size_t count, std::size_t tries,
                                std::uint64_t seed);

/// A line of a file in reference/hard: "CASE ELEMENT BITS".
std::string hard_line(const HardRow& hard);

/// The rows of such a file, in its order, without its comments. Throws BadCase.
struct HardLine {
  Case question;
  std::size_t element = 0;
  int bits = 0;
};
std::vector<HardLine> read_hard_rows(const std::string& path);

}  // namespace audit::reference
