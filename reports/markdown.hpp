#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "reports/eye.hpp"
#include "reports/record.hpp"

namespace audit::reports {

/// The most lines that markdown() has, whatever the records hold.
inline constexpr std::size_t most_markdown_lines = 60;

/// The report for a pull request or a step summary, at most 60 lines: the verdict, what is wrong with its replay lines,
/// then a row for each target and format, failing ones first. Of the eye, where there is one, come what other projects'
/// tolerances let live and as much of the laws as there is room for. `changes`, whole lines of Markdown on what differs
/// from another run, stands before all but the verdict, and is cut after 24.
std::string markdown(const std::vector<Record>& records, const Eye& eye = {}, std::string_view changes = "");

/// The same rows for a terminal: aligned plain text, a heading line first, at most 100 columns wide unless the numbers
/// alone are wider. claim%: share of the claim that is used; CR %: correctly rounded elements; laws: kept/tried; ns: an
/// element in cache.
std::string terminal_table(const std::vector<Record>& records);

}  // namespace audit::reports
