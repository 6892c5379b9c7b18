#pragma once

#include <string>
#include <vector>

#include "reports/record.hpp"

namespace audit::reports {

/// The records as CSV (RFC 4180: commas, CRLF, UTF-8) for pandas, R or a spreadsheet: a heading, then a line a record.
///
/// Columns: `schema` and the members of a record in the order of record.hpp under their names in JSON; build and
/// machine as build.compiler …; in the place of outcomes one column for each label that occurs, outcomes.LABEL.
/// findings, witnesses and answers are JSON in one cell. A cell is empty where the line of records.jsonl has no such
/// member, and a count of outcomes where the record has outcomes, but none of this label, is 0. Numbers read back to
/// the bit, and are inf, -inf and nan where JSON has a string.
///
/// A text is put on one line, control characters as spaces. One that begins with = + - @ or ' has a ' before it, so
/// that no spreadsheet takes it for a formula: a first ' is never part of the text.
std::string csv(const std::vector<Record>& records);

}  // namespace audit::reports
