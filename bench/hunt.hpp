#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>

#include "impls/catalogue.hpp"
#include "reports/record.hpp"

namespace audit::bench {

/// Searches for the row of length n on which a target is worst, inside the domain of its claim where it has one: starts
/// from the families, then changes bits, entries and offsets of the worst rows so far and keeps what is worse (larger
/// abs(error), certified). Deterministic for a given number of tries; ends after `seconds`. Gives an accuracy record of
/// family "hunt" whose max_ulp_case is spelled out.
reports::Record hunt(const impls::Implementation& target, const impls::Format& format, std::size_t n, double seconds,
                     std::uint64_t seed, const std::function<void(double fraction, double worst_ulp)>& progress,
                     const std::stop_token& stop = {});

}  // namespace audit::bench
