#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

#include "bench/spaces.hpp"

namespace audit::bench {

/// Called as parts of a space are finished, in any order, one at a time.
using PartDone = std::function<void(const reports::Record& part, double fraction_done)>;

/// Asks a target every row of a space (spaces.hpp), on all cores, and measures every answer against the certified one.
/// Rows are asked in batches of 4096. An element with the bits of the correctly rounded answer is counted, and keeps
/// every claim of half an ulp and more: the claim is held at every other one, and on the worst row of each batch. Rows
/// with NaN, +inf, or nothing but masks are counted as special; the former two are held to the policy of plugin.h where
/// the claim covers them, the last to nothing (the law of its name asks them).
///
/// One record of kind accuracy, `proved_by_enumeration` when nothing of the space was left out; its largest error is
/// certified by certify() once more. The record depends on the target and the space alone. `found` holds what an
/// earlier sweep gave to `done`: those parts are not asked again. nullopt when `stop` came first.
std::optional<reports::Record> enumerate(const impls::Implementation& target, const Unit& space,
                                         const std::vector<reports::Record>& found, const PartDone& done,
                                         const std::stop_token& stop = {});

}  // namespace audit::bench
