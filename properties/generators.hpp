#pragma once

#include <rapidcheck/Gen.h>
#include <rapidcheck/Random.h>
#include <rapidcheck/Seq.h>

#include <cstdint>

#include "impls/contract.hpp"

namespace audit::properties {

/// Draws a row for a map: bit patterns of the format with full significands, ties and near-ties, spreads, common
/// offsets of both signs, deep tails, outliers, masks, blocks of different magnitude, lengths dense from 1 to 40 and up
/// to 1000; with a temperature, noise, a gradient, a target or a tree where the map takes them. `special`: with NaN,
/// +inf or nothing but masks.
impls::Row draw_row(rc::Random random, impls::Map map, const impls::Format& format, bool special);

/// The same as a RapidCheck generator; a row shrinks to those of simpler().
rc::Gen<impls::Row> rows(impls::Map map, const impls::Format& format, bool special);

/// The rows one step simpler than this, simplest first: fewer entries, no temperature, no tree, zeros, masks, small
/// integers, fewer significant bits, smaller exponents. Each has less complexity, so shrinking ends.
rc::Seq<impls::Row> simpler(const impls::Row& row);

/// A natural number that counts entries, significant bits and exponents: 1 for a row of a single 0.
std::uint64_t complexity(const impls::Row& row);

}  // namespace audit::properties
