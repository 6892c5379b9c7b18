#pragma once

#include <fmt/format.h>

#include <string>

#include "reports/record.hpp"

namespace audit::properties {

/// A finding in full, as tests print it.
inline std::string in_words(const reports::Finding& finding, const std::string& target) {
  std::string text = fmt::format("{} breaks \"{}\" on {}\n", target, finding.law, finding.case_id);
  if (finding.element) text += fmt::format("  element {}\n", *finding.element);
  text += fmt::format("  got   {}\n  want  {}\n", finding.got, finding.want);
  if (finding.ulp) text += fmt::format("  error {:.3g} ulp\n", *finding.ulp);
  if (finding.bound) text += fmt::format("  bound {:.3g}, from {}\n", *finding.bound, finding.source);
  return text + "  " + finding.replay;
}

}  // namespace audit::properties
