#pragma once

#include <functional>
#include <string>
#include <vector>

#include "reports/record.hpp"

namespace audit::reports {

/// What a finding names as its law, in words. Handed over by the commands.
struct Rule {
  std::string name;
  std::string statement;
  std::string source;  ///< theorem or document; may be empty
};

/// The file that a target of this name stands in; "" where there is none.
using FileOf = std::function<std::string(const std::string& target)>;

/// What is wrong, as SARIF 2.1.0 for GitHub's code scanning and its like: one run, whose rules are the laws that are
/// broken, and a result for each failing record and law: its worst finding, and how many there are of it
/// (occurrenceCount). All else about it is in its properties. A result keeps its fingerprint from run to run as long as
/// target, map, format, law, and of an error the family and length, are the same. Paths are relative to the directory
/// that the program runs in where they are inside it.
std::string sarif(const std::vector<Record>& records, const std::vector<Rule>& rules, const FileOf& file_of);

}  // namespace audit::reports
