#pragma once

#include <string>
#include <vector>

#include "impls/catalogue.hpp"
#include "properties/eye.hpp"
#include "reports/record.hpp"

namespace audit::properties {

/// A file of properties/mutants/, and what its first lines say: "Caught by: LAW, n ≤ N".
struct Mutant {
  std::string name;
  std::string law;             ///< one that must catch it
  std::size_t smallest_n = 0;  ///< it does so on a row of at most so many entries
};

/// Every file of that folder but unmutated.cpp, by name.
std::vector<Mutant> mutants(const std::string& sources);

/// What a mutant offers.
std::vector<impls::Implementation> functions_of(const std::string& objects, const std::string& mutant);

/// What every law and every length finds, on so many rows a law, in the last of the target's formats.
std::vector<reports::Finding> findings_of(const impls::Implementation& target, int rows);

/// The laws that kill a target, each with the shortest case that shows it, on so many rows a law.
std::vector<Sight> seen_by_laws(const impls::Implementation& target, int rows);

/// What other projects' tolerances make of a target, on their rows and on so many of ours, in the formats that they
/// test; nothing where they do not test its map.
std::vector<Sight> seen_by_tolerances(const impls::Implementation& target, int rows);

/// Whether a look that showed something shows it again: its row under its law or its comparison.
bool replays(const impls::Implementation& target, const Sight& sight);

}  // namespace audit::properties
