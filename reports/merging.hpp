#pragma once

#include <string>
#include <vector>

#include "reports/record.hpp"

namespace audit::reports {

/// The records of one directory.
struct Part {
  std::string name;
  std::vector<Record> records;
};

struct Merged {
  std::vector<Record> records;
  std::vector<std::string> notes;  ///< in a line each, what was left out and why
};

/// Parts of one run, measured on machines of one platform (gate.hpp), put together; every record keeps its build and
/// machine. A key that several parts have must say the same in each, and is there once. Times compare within one run
/// only: those of the first part that has any are kept. A target that is absent in one part and measured in another is
/// not absent. Throws std::runtime_error: what differs, where, and what to do.
Merged merge(const std::vector<Part>& parts);

}  // namespace audit::reports
