#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "bench/tally.hpp"
#include "impls/catalogue.hpp"
#include "reports/record.hpp"

namespace audit::bench {

/// One piece of a sweep: some rows of one family, format and length, for one map. Its exact answers are certified once
/// and every target of the map is measured against them; it gives one record for each target that offers the format.
struct Unit {
  impls::Map map = impls::Map::softmax;
  impls::Format format = impls::f32;
  std::string family;
  std::size_t n = 0;
  std::size_t rows = 0;
  bool confirmed = true;  ///< maxima are certified again, as confirm() does it
};

/// The text that --filter is matched against: TARGET:MAP:FORMAT:FAMILY:n=N
std::string key(const std::string& target, const Unit& unit);

/// The units of a sweep over every map, format and family that the targets can be asked, in a fixed order. About
/// so many logits a unit, fewer of maps without a fast oracle: many short rows, or one long one; a pack of real logits
/// gives every row while it has them.
std::vector<Unit> plan(const std::vector<const impls::Implementation*>& targets, std::size_t logits);

/// Called with every answer that is held against the exact one; from any thread, several at once.
using Seen =
    std::function<void(const impls::Implementation&, const reference::Case&, const reference::Exact&, const Trial&)>;

/// Called as units are finished, in any order, one at a time.
using Done = std::function<void(const Unit&, const std::vector<reports::Record>&)>;

/// Measures units on all cores. The records depend on (targets, unit, seed) alone: not on the order, the number of
/// cores, or what else is in the sweep. Stops early, between units, when `stop` says so.
void sweep(const std::vector<Unit>& units, const std::vector<const impls::Implementation*>& targets, std::uint64_t seed,
           const Done& done, const std::stop_token& stop = {}, const Seen& seen = {});

/// Certifies what became a maximum in an accuracy record again, by MPFR alone; of maps that have no other oracle it was
/// certified so. Throws std::logic_error where the two oracles differ, by more than 2^-10 ulp.
void confirm(const reports::Record& record);

/// Measures one unit on this thread. A target that was not asked, after too many accidents, gets no record.
std::vector<reports::Record> measure(const Unit& unit, const std::vector<const impls::Implementation*>& targets,
                                     std::uint64_t seed, const Seen& seen = {});

}  // namespace audit::bench
