#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "reports/eye.hpp"
#include "reports/record.hpp"

namespace audit::reports {

/// As many lines as a pull request and a step summary are given, whatever is told.
inline constexpr std::size_t most_markdown_lines = 60;

/// The report for a pull request or a step summary, in at most so many lines (30 and more): the verdict, what is wrong
/// with its replay lines, then a row for each target and format, failing ones first. Of the eye, where there is one,
/// come what other projects' tolerances let live and as much of the laws as there is room for.
std::string markdown(const std::vector<Record>& records, const Eye& eye = {},
                     std::size_t most_lines = most_markdown_lines);

/// The same rows for a terminal: aligned plain text, a heading line first, at most 100 columns wide unless the numbers
/// alone are wider. claim%: share of the claim that is used; CR %: correctly rounded elements; laws: kept/tried; ns: an
/// element in cache.
std::string terminal_table(const std::vector<Record>& records);

}  // namespace audit::reports
