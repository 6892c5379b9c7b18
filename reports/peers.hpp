#pragma once

#include <string>
#include <vector>

#include "reports/record.hpp"

namespace audit::reports {

/// The table of peers in Markdown: an overview, then for each library and version the largest error of each function in
/// each format with the line that replays it, and the largest error by family. From the accuracy records of targets
/// OWNER:FUNCTION, whose version begins with the library's name; `date` is when they were taken. Libraries come in the
/// order of the records, absent ones at the end with their reason.
std::string peers_markdown(const std::vector<Record>& records, const std::string& date);

/// The same as one HTML file that fetches nothing and needs no script; every figure has the line that replays it.
std::string peers_page(const std::vector<Record>& records, const std::string& date);

}  // namespace audit::reports
