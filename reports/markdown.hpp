#pragma once

#include <string>
#include <vector>

#include "reports/eye.hpp"
#include "reports/record.hpp"

namespace audit::reports {

/// The report for a pull request or a step summary, at most 60 lines: the verdict, what is wrong with its replay lines,
/// then a row for each target and format; after that the two tables of the eye, where there is one.
std::string markdown(const std::vector<Record>& records, const Eye& eye = {});

/// The same rows for a terminal: aligned plain text, a heading line first, at most 100 columns wide unless the numbers
/// alone are wider. claim%: share of the claim that is used; CR %: correctly rounded elements; laws: kept/tried; ns: an
/// element in cache.
std::string terminal_table(const std::vector<Record>& records);

}  // namespace audit::reports
