#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "impls/contract.hpp"

namespace audit::reference {

/// What plugin.h leaves an answer to a row with NaN or +inf: a NaN shows somewhere; a row with +inf is a
/// NaN row, NaN at the +inf entries alone, or one-hot (logsumexp: +inf or NaN; a loss: as the mass of its target).
/// nullopt where y is that, or the row has neither; otherwise what it would have been, in words.
std::optional<std::string_view> unlike_any_policy(impls::Map map, const impls::Row& row, const std::vector<double>& y);

}  // namespace audit::reference
