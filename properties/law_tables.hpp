#pragma once

#include <vector>

#include "properties/laws.hpp"

namespace audit::properties {

constexpr bool every_map(impls::Map) { return true; }
/// Of logits, which may be masked, and whose common offset means nothing; scores of a tree are none.
inline bool of_logits(impls::Map map) { return !impls::traits(map).takes_tree; }
constexpr bool is_vjp(impls::Map map) {
  using impls::Map;
  return map == Map::softmax_vjp || map == Map::log_softmax_vjp || map == Map::sparsemax_vjp ||
         map == Map::cross_entropy_vjp;
}
/// Of logits forward: plugin.h says what rows of +inf, and of nothing but masks, give.
inline bool forward(impls::Map map) { return of_logits(map) && !is_vjp(map) && map != impls::Map::cross_entropy; }

/// Of which rows a law speaks.
inline bool every_row(const reference::Case&) { return true; }
inline bool longer_than_one(const reference::Case& question) { return question.row.x.size() > 1; }

/// A law that no mutant needs, and why it stands.
inline Law standing(Law law, std::string_view why) {
  law.stands = why;
  return law;
}

/// Laws about one answer: error, range, n = 1, what is written.
std::vector<Law> value_laws();
/// Laws about the elements of one answer together: normalization, gradients, order.
std::vector<Law> mass_laws();
/// Laws about sparsemax: the conditions of optimality, points of the simplex.
std::vector<Law> sparsemax_laws();
/// Laws about drawing classes with Gumbel noise.
std::vector<Law> sampling_laws();
/// Laws about two answers: shifts, permutations, masked entries, the temperature.
std::vector<Law> invariance_laws();
/// Laws about what the functions of a library, and the elements of an answer, say of each other.
std::vector<Law> consistency_laws();
/// Laws about the row in other calls: in a batch, once more.
std::vector<Law> promise_laws();
/// Laws about where the row lies: in other layouts, in place.
std::vector<Law> layout_laws();
/// Laws about the row asked in other manners: at once with others, on one core, in other floating-point modes.
std::vector<Law> manner_laws();
/// Laws about rows with NaN, +inf, or nothing but masks.
std::vector<Law> special_laws();

}  // namespace audit::properties
