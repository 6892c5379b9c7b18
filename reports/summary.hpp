#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "reports/record.hpp"
#include "reports/verdict.hpp"

namespace audit::reports {

/// What the records of one target in one format come to: one row of every table. Pointers are into the records.
struct Summary {
  std::string target;
  std::string map;
  std::string format;
  const Record* worst = nullptr;       ///< the largest abs(max_ulp) on rows that the claim speaks of
  const Record* unnumbered = nullptr;  ///< there, the most elements without a number that the claim does not excuse
  const Record* tightest = nullptr;    ///< the largest bound_utilisation
  std::optional<double> correctly_rounded = {};  ///< fraction of the elements of families inside the domain
  std::size_t laws_kept = 0;
  std::size_t laws_tried = 0;
  const Record* in_cache = nullptr;  ///< speed in cache, at the longest row
  const Record* proved = nullptr;    ///< the first one that an enumeration proves
  std::size_t enumerations = 0;      ///< how many there are
  Verdict verdict = Verdict::vacuous;
};

/// One row for each target × map × format, in the order of the records; absent targets are none.
std::vector<Summary> summarise(const std::vector<Record>& records);

/// The target of speed records that only copies the bytes: the roofline, not one of the judged.
inline constexpr std::string_view copy_target = "copy";

/// Whether the record's max_ulp and outcomes belong to rows that the claim speaks of. A family of which only some rows
/// do counts when its worst element is one of them.
bool in_domain(const Record& record);

/// The outcome without a number that matters most in a record, "" when there is none: what was never written comes
/// before NaN, infinities, leaks and flushed results.
std::string worst_unnumbered(const Record& record);

/// The verdict that a record carries; judged without a baseline where it carries none, or where that is a failure: what
/// a record says of itself does not outweigh what is in it.
Verdict verdict_of(const Record& record);

/// The verdict on all of them.
Verdict verdict_of(const std::vector<Record>& records);

/// Where records are from: in each member the values that they have, each once, "; " between several.
struct Provenance {
  Build build;
  Machine machine;
};
Provenance provenance(const std::vector<Record>& records);

/// What a whole run comes to.
struct Overview {
  Verdict verdict = Verdict::vacuous;
  std::vector<std::string> targets;        ///< that were asked, each once
  std::vector<std::string> falling_short;  ///< those of them with a failing verdict
  std::vector<const Record*> absent;       ///< targets that cannot be run here
  std::size_t rows = 0;                    ///< asked of a target, all of them together, laws included
  std::uint64_t elements = 0;              ///< measured
  std::optional<Provenance> provenance;    ///< where there are records
  std::set<std::uint64_t> seeds;           ///< of the rows; 0, where there are others, is of rows that no seed names
};
Overview overview(const std::vector<Record>& records);
/// "1, 3"
std::string seeds(const Overview& overview);

/// The verdict on a run as its heading: the failure, or "all holds".
std::string title(const Overview& overview);
/// In a sentence, without its full stop: "1 of 9 targets falls short: naive".
std::string sentence(const Overview& overview);

/// The worst finding of a target, map and format under one law, and how many more there are.
struct Broken {
  const Record* record;
  const Finding* finding;
  std::size_t more = 0;
};

/// What is wrong, in the order of the records.
std::vector<Broken> broken(const std::vector<Record>& records);

/// The record that a summary's worst error is from: `unnumbered` before `worst`; nullptr when neither is there.
const Record* worst_record(const Summary& summary);
}  // namespace audit::reports
