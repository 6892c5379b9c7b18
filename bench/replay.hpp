#pragma once

#include <string>

#include "impls/catalogue.hpp"
#include "reference/cases.hpp"

namespace audit::bench {

/// One case asked again: a line for each element of the answer with the logit, what was got and wanted, the outcome,
/// the error in ulps, the claimed bound and how much of it is used; at most `most` elements, the worst ones, in the
/// order of the row. `kept` says whether the claim holds, or does not speak of the row.
struct Replay {
  std::string table;
  bool kept = true;
  bool answered = true;  ///< false: the call had an accident, which the table says
};
Replay replay(const impls::Implementation& target, const reference::Case& question, std::size_t most);

}  // namespace audit::bench
