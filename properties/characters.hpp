#pragma once

#include <cstddef>

#include "impls/contract.hpp"

namespace audit::properties {

/// What a row is like that is asked at every width: each brings out other lanes.
enum class Character {
  spread,       ///< ±3, full significands
  top_last,     ///< the maximum in the last lane
  top_first,    ///< in the first one
  top_between,  ///< in one that moves through all places of a vector as the width grows
  far_below,    ///< about -60: lanes that are filled up with 0 outweigh the row
  far_above,    ///< about 1000
  wide,         ///< ±40: most entries are far below the maximum
  ties,         ///< three values
  masked,       ///< a mask in a lane that moves
  masked_first  ///< in the first one
};
inline constexpr std::size_t characters = 10;

/// A row of length n (of n leaves, where the map takes a tree), n ≥ 1, and what goes with it; no two widths share one,
/// and the target is the first or the last class.
impls::Row row_of(impls::Map map, const impls::Format& format, std::size_t n, Character character);

}  // namespace audit::properties
