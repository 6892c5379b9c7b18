#pragma once

#include <string>
#include <vector>

#include "reports/record.hpp"

namespace audit::reports {

/// The rule that the errors of a sweep are held to, by the name of the law that says the same of any row.
inline constexpr std::string_view claim_rule = "error within claim";

/// What a failing record has against its target: its findings; where it has none, one made of its figures, with the row
/// that they are from where there is one. Nothing of a record that does not fail.
std::vector<Finding> shortfalls(const Record& record);

/// What a finding is ranked by: abs(error), infinity where it has no number.
double severity(const Finding& finding);

/// A finding in words: "element 1: got 0x1.8p+0, want at most 1, +4.19e+06 ulp, bound 2 (0 <= softmax <= 1)".
std::string words(const Finding& finding);

/// The outcomes without a number of a record: "444 spurious nan, 3 flushed"; "" where there are none.
std::string unnumbered(const Record& record);

}  // namespace audit::reports
