#pragma once

#include <string>
#include <vector>

#include "reports/eye.hpp"
#include "reports/record.hpp"

namespace audit::reports {

/// One HTML file that opens from disk and fetches nothing: verdict, provenance, summary, findings, laws, errors by
/// family, plots. Every number comes from the records, which are in it as JSON. Then the eye, where there is one.
std::string page(const std::vector<Record>& records, const Eye& eye = {});

}  // namespace audit::reports
