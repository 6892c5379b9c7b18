#pragma once

#include <string>
#include <vector>

#include "impls/contract.hpp"

namespace audit::properties {

/// What the weakest honest algorithm for a map stays within on this row, one bound an output element (numerics.md,
/// "What is expected of a target that claims nothing"). Precondition: a row of finite and masked entries, one at least
/// finite; a tree may have infinite scores.
/// `flushes`: subnormal masses of a gradient, which is larger than they are, may be 0.
std::vector<impls::Bound> expected(impls::Map map, const impls::Format& format, const impls::Row& row,
                                   bool flushes = false);

/// The part of it that an element owes to its own steps, not to the sum that all elements are divided by: what is left
/// when elements of one answer are compared. For softmax, gumbel_softmax and log_softmax.
std::vector<impls::Bound> expected_apart(impls::Map map, const impls::Format& format, const impls::Row& row);

/// How often a running maximum changes after its first finite entry, from the front or from the back, whichever is
/// more.
double most_changes(const std::vector<double>& scores);

/// The slack of every output element: the target's own claim, or what is expected of one that claims nothing.
std::vector<impls::Bound> slack(const impls::Implementation& target, const impls::Format& format,
                                const impls::Row& row);

/// Where that slack comes from, for people.
std::string slack_source(const impls::Implementation& target);

}  // namespace audit::properties
