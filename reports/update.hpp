#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/gate.hpp"

namespace audit::reports {

/// What a candidate makes of a baseline.
struct Update {
  Baseline baseline;
  std::vector<Judged> loosened;  ///< keys that got worse, or were asked other rows, sorted; these need a reason
  std::vector<Judged> improved;
  std::size_t added = 0;
  std::size_t unasked = 0;  ///< entries that the candidate has no figures for: they stay
};

/// Takes a candidate's figures into the baseline of its platform, or into a new one. What was there before is noted in
/// the entry, and for a loosening the reason. Findings are no part of a baseline; nor are records that checked nothing,
/// or whose error is not known. Throws std::runtime_error when nothing is left, when the candidate is of more than one
/// platform or of another one than the baseline, or when it has a key twice.
Update update(const std::optional<Baseline>& before, const std::vector<Record>& candidate, const std::string& because);

/// The loosenings in a line: the first with both witnesses, and how many more there are.
std::string told(const std::vector<Judged>& loosened);

}  // namespace audit::reports
