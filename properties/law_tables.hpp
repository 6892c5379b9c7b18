#pragma once

#include <vector>

#include "properties/laws.hpp"

namespace audit::properties {

/// The maps that the laws speak of: a function of one row of logits, or of logits and noise. Of a loss, a tree or a VJP
/// they say nothing.
constexpr bool every_map(impls::Map map) {
  using impls::Map;
  return map == Map::softmax || map == Map::log_softmax || map == Map::logsumexp || map == Map::sparsemax ||
         map == Map::gumbel_softmax;
}

/// Laws about one answer: error, normalization, range, order, n = 1, what is written.
std::vector<Law> value_laws();
/// Laws about two answers: shifts, permutations, masked entries.
std::vector<Law> invariance_laws();
/// Laws about rows with NaN, +inf, or nothing but masks.
std::vector<Law> special_laws();

}  // namespace audit::properties
