#pragma once

#include <cstddef>
#include <vector>

#include "impls/contract.hpp"

namespace audit::properties {

/// What a row is like that is asked at every width: each brings out other lanes.
enum class Character {
  spread,        ///< ±3, full significands
  top_last,      ///< the maximum in the last lane
  top_first,     ///< in the first one
  top_between,   ///< in one that moves through all places of a vector as the width grows
  far_below,     ///< about -60: lanes that are filled up with 0 outweigh the row
  far_above,     ///< about 1000
  wide,          ///< ±40: most entries are far below the maximum
  ties,          ///< three values
  masked,        ///< a mask in a lane that moves
  masked_first,  ///< in the first one
  peak           ///< one entry, near the end or in a lane that moves, so far above the others that they vanish
};
inline constexpr std::size_t characters = 11;

/// A row of length n (of n leaves, where the map takes a tree), n ≥ 1, and what goes with it; no two widths share one,
/// and the target is the last class, the first or one between.
impls::Row row_of(impls::Map map, const impls::Format& format, std::size_t n, Character character);

/// Rows of length n of which one entry, in lanes that no two widths share, is so far above the others that one of them
/// as the maximum overflows: who misses that lane answers nothing finite.
std::vector<impls::Row> peaks(impls::Map map, const impls::Format& format, std::size_t n);

/// Rows of length n with NaN in a lane that moves; with NaN in the operand, where there is one, at the largest logit;
/// and, of maps of logits, with +inf in that lane, and of masks alone. None for formats that have no infinities.
std::vector<impls::Row> special_rows(impls::Map map, const impls::Format& format, std::size_t n);

/// Rows of length n of which one whole block of a size is masked, the first, the second, …, the fourth; and those of
/// which all but that block is; then those of which every other block is. For maps of logits, in formats that have
/// masks.
std::vector<impls::Row> masked_blocks(impls::Map map, const impls::Format& format, std::size_t n, std::size_t block);

/// A tree of n leaves, each but the last ones at a node of its own on the way down, to the left or to the right; most
/// of the mass goes all the way.
impls::Row chain(const impls::Format& format, std::size_t n, bool leftwards);

/// Rows of two entries (of two leaves) that leave no gap: the larger one at every 256th part of each binade from 2^-4
/// to 2^11, of both signs, and then the distance of the two, of each from 2^-12 to 2^10, and
/// closely about those where the smaller mass becomes subnormal, and 0; of maps with a support, where it leaves that.
std::vector<impls::Row> windows(impls::Map map, const impls::Format& format);

/// Rows of three entries whose exponentials add up to 1, as nearly as three can: the third makes up for the rounding of
/// the second. Where the result is small beside the entries (logsumexp), nothing is left of it but their errors.
std::vector<impls::Row> cancelling(impls::Map map, const impls::Format& format);

}  // namespace audit::properties
