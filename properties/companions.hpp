#pragma once

#include "impls/contract.hpp"
#include "properties/draws.hpp"

namespace audit::properties {

/// Draws what goes with the logits that a row holds already, where its map takes it: Gumbel noise; a gradient that is
/// like normal ones, of one binade each, small integers, one-hot, or equal in all entries, and of many sizes; any
/// target, the likeliest, the unlikeliest, or the last; a tree in heap order, one split at random, or a chain.
void draw_companions(Draws& draw, impls::Map map, const impls::Format& format, impls::Row& row);

/// Whether what goes with the logits fits them, and the answer is a matter of numbers: the target is an entry that is
/// not masked (the loss would be infinite), log_softmax_vjp has no gradient at a masked entry (the logarithm there is
/// -inf whatever the logits are).
bool consistent(impls::Map map, const impls::Row& row);

}  // namespace audit::properties
