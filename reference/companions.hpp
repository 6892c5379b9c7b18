#pragma once

#include <string_view>

#include "impls/contract.hpp"
#include "reference/families.hpp"

namespace audit::reference {

/// Draws what goes with the logits that a row already holds, from the row's own stream and by its index:
///   temperature  1; for the family "temperature" from 1/10 to 10
///   operand      Gumbel noise; for a VJP gradients that are normal, ties and zeros, normal, one-hot
///   target       any class, the likeliest, the unlikeliest, never a masked one
///   tree         see draw_tree
/// A loss that is finite has no gradient at the logarithm of a masked entry: there that of log_softmax_vjp is 0.
void draw_companions(impls::Map map, const impls::Format& format, std::string_view family, const Stream& stream,
                     impls::Row& row);

/// What is wrong with what goes with the logits of a row, in a few words; empty when nothing is.
std::string_view fault(impls::Map map, const impls::Row& row);

}  // namespace audit::reference
