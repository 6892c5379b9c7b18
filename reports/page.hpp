#pragma once

#include <string>
#include <vector>

#include "reports/eye.hpp"
#include "reports/page_data.hpp"
#include "reports/record.hpp"

namespace audit::reports {

/// One HTML file that opens from disk and fetches nothing: verdict, provenance, findings, and tables and plots that are
/// filtered, sorted and opened in it. Every number comes from the records, which are in it (page_data.hpp), and so are
/// the rows of the witnesses that it can open. Then the eye, where there is one.
std::string page(const std::vector<Record>& records, const Eye& eye = {}, const RowInHex& row_in_hex = {});

}  // namespace audit::reports
