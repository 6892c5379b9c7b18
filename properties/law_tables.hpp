#pragma once

#include <vector>

#include "properties/laws.hpp"

namespace audit::properties {

/// Laws about one answer: error, normalization, range, order, n = 1, what is written.
std::vector<Law> value_laws();
/// Laws about two answers: shifts, permutations, masked entries.
std::vector<Law> invariance_laws();
/// Laws about rows with NaN, +inf, or nothing but masks.
std::vector<Law> special_laws();

}  // namespace audit::properties
