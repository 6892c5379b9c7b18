#pragma once

#include <optional>
#include <vector>

#include "impls/catalogue.hpp"
#include "reference/cases.hpp"

namespace audit::properties {

/// The functions of a target's library that give its masses another way: of softmax, log_softmax, logsumexp,
/// cross_entropy and its VJP the other four, the first of each that offers the format. None for other maps.
std::vector<impls::Implementation> relatives(const impls::Implementation& target, const impls::Format& format);

/// The question about the same logits for another of these maps; nullopt where it cannot be asked: at a temperature
/// that the map does not take. A target that is not given is an unmasked entry, chosen by the row's bits.
std::optional<reference::Case> asked_of(impls::Map map, const reference::Case& question);

}  // namespace audit::properties
