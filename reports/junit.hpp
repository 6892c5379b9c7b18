#pragma once

#include <string>
#include <vector>

#include "reports/record.hpp"
#include "reports/verdict.hpp"

namespace audit::reports {

/// A test case of JUnit: it passed, failed by a verdict that the gate fails on, or was skipped by one of absent. Any
/// text may stand in it.
struct JunitCase {
  std::string classname;  ///< "MAP.FORMAT.TARGET"
  std::string name;
  Verdict verdict = Verdict::unchanged;
  std::string detail;              ///< after the verdict in the message; may be empty
  std::vector<std::string> lines;  ///< the text of a failure
};

/// "MAP.FORMAT.TARGET", empty parts left out.
std::string junit_classname(const std::string& map, const std::string& format, const std::string& target);

/// One test suite as JUnit XML (of Jenkins: junit-10.xsd).
std::string junit(const std::string& suite, const std::vector<JunitCase>& cases);

/// A run as JUnit XML: a test case for each target, map, format and law; "claim" for its errors on every family;
/// "speed" for the answers that were verified before they were timed; "contract" for a target that is absent. A failure
/// has every finding with its error, its bound and the source of it, and the line that replays it, worst first, at
/// most 20. What was not judged is skipped with the reason: a target that is absent, a law that does not apply, errors
/// of a target that claims nothing. Nothing checked is a failure.
std::string junit(const std::vector<Record>& records);

}  // namespace audit::reports
