#pragma once

#include "reports/record.hpp"

namespace audit::reports {

/// How this program was built.
Build this_build();
/// The machine it runs on: CPU model, architecture and the instruction set extensions that libm chooses its code by, C
/// library.
Machine this_machine();

}  // namespace audit::reports
