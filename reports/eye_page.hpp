#pragma once

#include <kainjow/mustache.hpp>

#include "reports/eye.hpp"

namespace audit::reports {

/// What page.html shows of the eye: a row for each law and tolerance, a column for each mutant.
kainjow::mustache::data eye_data(const Eye& eye);

}  // namespace audit::reports
