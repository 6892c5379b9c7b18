// The row of a witness for people: what a CaseId rebuilds, spelled out.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "commands/common.hpp"
#include "reference/cases.hpp"

namespace audit::commands {
namespace {

constexpr std::size_t whole_up_to = 700;  // characters, some forty logits of f32

std::string spelled_out(const reference::Case& question) {
  return reference::id(reference::spelled_out(question.map, question.format, question.row));
}

/// "1024 logits from -0x1p+0 to 0x1p+1, element 17: 0x1p-1"
std::string described(const std::vector<double>& x, std::size_t element) {
  double least = INFINITY, most = -INFINITY;
  for (const double logit : x) {
    if (!std::isfinite(logit)) continue;
    least = std::min(least, logit);
    most = std::max(most, logit);
  }
  const std::string there = element < x.size() ? fmt::format(", element {}: {:a}", element, x[element]) : "";
  return fmt::format("{} logits from {:a} to {:a}{}", x.size(), least, most, there);
}

}  // namespace

std::string row_in_hex(const std::string& witness) try {
  const std::size_t mark = witness.rfind('#');
  if (mark == std::string::npos) return "";
  const reference::Case question = reference::rebuild(witness.substr(0, mark));
  const std::vector<double>& x = question.row.x;
  const std::string whole = x.size() <= whole_up_to ? spelled_out(question) : "";
  if (!whole.empty() && whole.size() <= whole_up_to) return whole;
  const impls::MapTraits& map = impls::traits(question.map);
  const bool of_an_entry = !map.one_number_out && !map.takes_tree;
  return described(x, of_an_entry ? std::stoul(witness.substr(mark + 1)) : x.size());
} catch (const std::logic_error&) {  // not a case, or not an element
  return "";
}

}  // namespace audit::commands
