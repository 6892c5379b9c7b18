#pragma once

#include <optional>
#include <string>
#include <vector>

namespace audit::reports {

/// The eye of the suite: who sees which target that is wrong on purpose. Handed over by the commands, the same in every
/// report; empty: it is not shown.
struct Eye {
  struct Mutant {
    std::string name;
    std::string map;
  };
  struct Judge {
    std::string name;
    std::string note;  ///< for people: why a law stands, what a tolerance is and where it stands
    /// One a mutant: the row that shows it, "" where none does; nullopt: it is not asked.
    std::vector<std::optional<std::string>> seen;
    std::vector<std::string> accused;  ///< honest targets that it accuses
  };
  /// A project's tolerance on the rows that the project asks, and on those of the suite.
  struct Tolerance {
    Judge own_rows, our_rows;
  };
  std::vector<Mutant> mutants;  ///< by map
  std::vector<Judge> laws;
  std::vector<Tolerance> tolerances;
};

/// How many mutants a judge sees, and of how many that it is asked about.
std::size_t seen(const Eye::Judge& judge);
std::size_t asked(const Eye::Judge& judge);
/// How many live, of how many: "18 of 44".
std::string lives(const Eye::Judge& judge);
/// The mutants that this law alone sees.
std::vector<std::string> seen_by_it_alone(const Eye& eye, const Eye::Judge& law);

/// What other projects' tolerances let live, and what each law sees, as tables of Markdown of at most `most_lines` in
/// all: laws that do not fit are counted; "" where not even the tolerances do.
std::string eye_markdown(const Eye& eye, std::size_t most_lines);

}  // namespace audit::reports
