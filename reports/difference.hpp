#pragma once

#include <string>

#include "reports/gate.hpp"

namespace audit::reports {

/// How the figures of a key went from one entry to another.
enum class Step {
  same,
  better,
  worse,       ///< no tolerance (worse in verdict.hpp)
  other_rows,  ///< asked another seed or number of rows: the figures do not compare
};

Step step(const Entry& before, const Entry& now);

/// What differs between two entries of a key, in a line with both witnesses, and the row to look at first.
struct Difference {
  std::string detail;
  std::string witness;  ///< a CaseId, or "CASE#ELEMENT", of the later one; of the earlier one what now is gone
};
Difference difference(const Entry& before, const Entry& now);

/// The figures of an entry with their witnesses, in a line: "-66.25 ulp at CASE#17; 12 flushed, as at CASE#7".
std::string figures(const Entry& entry);

/// "4 rows of seed 1".
std::string question(const Entry& entry);

/// The entry as a record that judge can compare with.
Record as_record(const Entry& entry);

}  // namespace audit::reports
