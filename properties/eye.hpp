#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace audit::properties {

/// One look at a target that is wrong on purpose (or, for the tolerances, right), and what it showed.
struct Sight {
  /// law: on rows drawn for it. own_rows, our_rows: a comparison of another project (tolerances.hpp) on the rows that
  /// the project asks, and on those that laws are tried on.
  enum class By { law, own_rows, our_rows };
  std::string target;  ///< a mutant, or one of the catalogue
  std::string map;
  bool honest = false;
  By by = By::law;
  std::string judge;  ///< the law, or the word for an accident; the tolerance
  std::string row;    ///< on which it was caught, for people or as a CaseId; empty: it lives

  friend bool operator==(const Sight&, const Sight&) = default;
};

/// A line of the table, without its end, and back; throws std::invalid_argument for another line.
std::string to_line(const Sight& sight);
Sight sight_of(std::string_view line);

/// What the mutants of properties/mutants/ were seen by when the table there (eye.tsv, which measure_eye writes) was
/// committed; the tests measure it anew.
const std::vector<Sight>& eye();

/// The mutants that a law kills, and those that no other law does.
std::vector<std::string> killed_by(std::string_view law);
std::vector<std::string> killed_by_it_alone(std::string_view law);

}  // namespace audit::properties
